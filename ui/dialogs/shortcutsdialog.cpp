// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/shortcutsdialog.h"

#include "ui/widgets/parts.h"

#include <QtGui/QKeySequence>
#include <QtWidgets/QGridLayout>

namespace spillway::ui {

namespace {

QString keys(const QKeySequence& sequence)
{
    return sequence.toString(QKeySequence::NativeText);
}

} // namespace

ShortcutsDialog::ShortcutsDialog(Theme& theme, int pages, QWidget* parent) : QDialog(parent)
{
    setWindowTitle(tr("Keyboard shortcuts"));
    setMinimumWidth(theme.metrics().text * 32);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 24);
    column->setSpacing(16);
    column->addWidget(label(tr("Keyboard shortcuts"), "title"));
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(32);
    grid->setVerticalSpacing(8);
    const std::vector<std::pair<QString, QString>> rows{
        {keys(Qt::CTRL | Qt::Key_K), tr("Go to a page, share, link, client, setting or file")},
        {tr("%1 to %2", "a range of keys")
             .arg(keys(Qt::CTRL | Qt::Key_1),
                  keys(QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_0 + pages % 10)))),
         tr("Open a page")},
        {keys(QKeySequence::New), tr("New link")},
        {keys(QKeySequence::Open), tr("Share a folder")},
        {keys(QKeySequence::Find), tr("Filter or search the page")},
        {keys(QKeySequence::Copy), tr("Copy the selected link")},
        {keys(QKeySequence::Delete), tr("Revoke, remove or end what is selected, with undo")},
        {QStringLiteral("F1, ?"), tr("Show this list")},
        {keys(QKeySequence::Quit), tr("Close the window")},
    };
    for (std::size_t i = 0; i < rows.size(); ++i) {
        grid->addWidget(label(rows[i].first, "strong"), static_cast<int>(i), 0);
        QLabel* what = label(rows[i].second);
        what->setWordWrap(true);
        grid->addWidget(what, static_cast<int>(i), 1);
    }
    grid->setColumnStretch(1, 1);
    column->addLayout(grid);
    column->addStretch();
    QPushButton* done = primaryButton(tr("Close"), nullptr, theme);
    column->addWidget(done, 0, Qt::AlignRight);
    connect(done, &QPushButton::clicked, this, &QDialog::accept);
}

} // namespace spillway::ui
