// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/folderpicker.h"

#include "ui/models/format.h"
#include "ui/widgets/parts.h"

#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QTreeView>

namespace spillway::ui {

FolderPicker::FolderPicker(Session& session, Theme& theme, Wanted wanted, QWidget* parent)
    : QDialog(parent), session_(session), wanted_(wanted)
{
    const QString server = session.client().serverName();
    setWindowTitle(wanted == Wanted::Folder ? tr("Share a folder of %1").arg(server)
                                            : tr("Share a file of %1").arg(server));
    setObjectName(QStringLiteral("folderPicker"));
    const int text = theme.metrics().text;
    setMinimumWidth(text * 36);
    resize(text * 40, text * 36);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 24);
    column->setSpacing(12);
    about_ =
        label(tr("It is on the disks of %1 already; a link to it will be in your clipboard.").arg(server),
              "secondary");
    about_->setObjectName(QStringLiteral("about"));
    about_->setWordWrap(true);
    column->addWidget(about_);
    tree_ = new QTreeView;
    tree_->setModel(&model_);
    tree_->setAccessibleName(tr("Folders that %1 shares from").arg(server));
    setUpTree(*tree_, theme);
    column->addWidget(tree_, 1);
    column->addWidget(label(tr("Its whole path"), "small"));
    field_ = new QLineEdit;
    field_->setObjectName(QStringLiteral("path"));
    field_->setAccessibleName(tr("Its whole path"));
    field_->setPlaceholderText(QStringLiteral("/"));
    column->addWidget(field_);
    problem_ = problemLabel();
    problem_->setObjectName(QStringLiteral("problem"));
    column->addWidget(problem_);
    share_ = primaryButton(tr("Share it and copy its link"), "copy", theme);
    share_->setObjectName(QStringLiteral("share"));
    share_->setEnabled(false);
    addButtons(*column, *this, *share_, theme);
    tree_->setFocus();

    connect(&model_, &BrowseModel::folderWanted, this, [this](const QByteArray& path) { ask(path); });
    connect(tree_->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& now) {
                field_->setText(displayName(model_.path(now)));
                path_ = model_.path(now);
            });
    connect(field_, &QLineEdit::textChanged, this, [this](const QString& typed) {
        path_ = typed.trimmed().toUtf8();
        share_->setEnabled(!path_.isEmpty());
    });
    connect(share_, &QPushButton::clicked, this, [this] { share(); });
    ask({});
}

void FolderPicker::ask(const QByteArray& path)
{
    session_.client().run<contract::BrowseFolders>(
        this, {path, wanted_ == Wanted::File},
        [this, path](const Result<contract::FolderListing>& listing) { came(path, listing); });
}

void FolderPicker::came(const QByteArray& path, const Result<contract::FolderListing>& listing)
{
    if (!listing) {
        model_.setUnreadable(path);
        return say(QString::fromStdString(listing.error().message));
    }
    problem_->hide();
    model_.setFolder(path, *listing);
    if (path.isEmpty() && listing->entries.empty()) {
        tree_->hide();
        about_->setText(
            tr("%1 names no folders that can be shared from elsewhere. Whoever runs it names them on its own "
               "machine, in the setting share_roots: spillway config set share_roots /srv/files")
                .arg(session_.client().serverName()));
        field_->setFocus();
        adjustSize();
    } else if (path.isEmpty() && listing->entries.size() == 1) {
        tree_->expand(model_.index(0, 0));
    } else if (listing->truncated) {
        say(tr("There are more than the %1 that are shown. Write the path of another one below.")
                .arg(formatCount(static_cast<std::int64_t>(listing->entries.size()))));
    }
}

void FolderPicker::say(const QString& text)
{
    problem_->setText(text);
    problem_->show();
}

void FolderPicker::share()
{
    QByteArray path = path_;
    while (path.size() > 1 && path.endsWith('/'))
        path.chop(1);
    session_.shareTargets({path});
    accept();
}

} // namespace spillway::ui
