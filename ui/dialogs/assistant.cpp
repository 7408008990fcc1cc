// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/assistant.h"

#include "ui/models/format.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/qrview.h"
#include "ui/widgets/reachnote.h"

#include <QtCore/QDir>
#include <QtCore/QMimeData>
#include <QtCore/QUrl>
#include <QtGui/QDragEnterEvent>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QButtonGroup>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QRadioButton>
#include <QtWidgets/QStackedWidget>
#include <algorithm>

namespace spillway::ui {

namespace {

constexpr int kCode = 200; ///< pixels each way

QString firstPath(const QMimeData& data)
{
    for (const QUrl& url : data.urls())
        if (url.isLocalFile())
            return url.toLocalFile();
    return {};
}

} // namespace

Assistant::Assistant(Session& session, Theme& theme, QWidget* parent)
    : QDialog(parent), session_(session), theme_(theme)
{
    setWindowTitle(tr("Welcome to Spillway"));
    setObjectName(QStringLiteral("assistant"));
    setMinimumWidth(theme.metrics().text * 40);
    setAcceptDrops(true);
    stack_ = new QStackedWidget;
    stack_->addWidget(buildQuestion());
    stack_->addWidget(buildResult());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(32, 32, 32, 24);
    column->addWidget(stack_);
}

QWidget* Assistant::buildQuestion()
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    column->addWidget(label(tr("What do you want to share?"), "title"));
    QLabel* about =
        label(tr("Choose a folder, or drop one here. Its files stay where they are; whoever has the "
                 "link can fetch them for as long as Spillway runs."),
              "secondary");
    about->setWordWrap(true);
    column->addWidget(about);
    column->addSpacing(4);
    choose_ = button(tr("Choose a folder…"), "folder-add", theme_);
    choose_->setObjectName(QStringLiteral("choose"));
    choose_->setMinimumHeight(theme_.metrics().row * 2);
    column->addWidget(choose_);
    column->addSpacing(4);
    column->addWidget(label(tr("Its name in links"), "small"));
    name_ = new QLineEdit;
    name_->setObjectName(QStringLiteral("name"));
    name_->setAccessibleName(tr("Its name in links"));
    name_->setMaxLength(64);
    column->addWidget(name_);
    column->addSpacing(4);
    column->addWidget(label(tr("Who may see it"), "small"));
    who_ = new QButtonGroup(this);
    const std::array texts{tr("Only who has a link"), tr("Everybody who can reach this computer")};
    for (std::size_t i = 0; i < texts.size(); ++i) {
        auto* one = new QRadioButton(texts[i]);
        one->setChecked(i == 0);
        who_->addButton(one, static_cast<int>(i));
        column->addWidget(one);
    }
    problem_ = problemLabel();
    column->addWidget(problem_);
    column->addStretch();
    column->addSpacing(8);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    QPushButton* later = button(tr("Not now"), nullptr, theme_);
    share_ = primaryButton(tr("Share it and copy its link"), "copy", theme_);
    share_->setObjectName(QStringLiteral("share"));
    share_->setEnabled(false);
    share_->setDefault(true);
    later->setAutoDefault(false);
    choose_->setAutoDefault(false);
    buttons->addStretch();
    buttons->addWidget(later);
    buttons->addWidget(share_);
    column->addLayout(buttons);
    connect(choose_, &QPushButton::clicked, this, [this] { choose(); });
    connect(name_, &QLineEdit::textEdited, this, [this] { named_ = true; });
    connect(later, &QPushButton::clicked, this, &QDialog::reject);
    connect(share_, &QPushButton::clicked, this, [this] { share(); });
    return box;
}

QWidget* Assistant::buildResult()
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    column->addWidget(label(tr("The link is in your clipboard"), "title"));
    made_ = label({}, "secondary");
    made_->setWordWrap(true);
    column->addWidget(made_);
    qr_ = new QrView;
    qr_->setMinimumSize(kCode, kCode);
    address_ = label({}, "small");
    address_->setWordWrap(true);
    address_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    reach_ = new ReachNote(session_, theme_);
    connect(reach_, &ReachNote::changed, this, &Assistant::makeRoom);
    auto* beside = new QVBoxLayout;
    beside->setSpacing(12);
    beside->addWidget(address_);
    beside->addWidget(reach_);
    beside->addStretch();
    auto* row = new QHBoxLayout;
    row->setSpacing(24);
    row->addWidget(qr_, 0, Qt::AlignTop);
    row->addLayout(beside, 1);
    column->addLayout(row, 1);
    column->addSpacing(8);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    QPushButton* again = button(tr("Copy again"), "copy", theme_);
    QPushButton* done = primaryButton(tr("Done"), nullptr, theme_);
    done->setObjectName(QStringLiteral("done"));
    again->setAutoDefault(false);
    buttons->addStretch();
    buttons->addWidget(again);
    buttons->addWidget(done);
    column->addLayout(buttons);
    connect(again, &QPushButton::clicked, this, [this] { session_.copyText(url_, tr("Link copied")); });
    connect(done, &QPushButton::clicked, this, &QDialog::accept);
    return box;
}

void Assistant::choose()
{
    const QString path = QFileDialog::getExistingDirectory(this, tr("Choose a folder to share"),
                                                           folder_.isEmpty() ? QDir::homePath() : folder_);
    if (!path.isEmpty())
        setFolder(path);
}

void Assistant::setFolder(const QString& path)
{
    folder_ = QDir::cleanPath(path);
    choose_->setText(QDir::toNativeSeparators(folder_));
    if (!named_)
        name_->setText(shareNameFor(folder_, 1));
    problem_->hide();
    share_->setEnabled(true);
    share_->setFocus();
}

void Assistant::dragEnterEvent(QDragEnterEvent* event)
{
    if (stack_->currentIndex() == 0 && !firstPath(*event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void Assistant::dropEvent(QDropEvent* event)
{
    setFolder(firstPath(*event->mimeData()));
    event->acceptProposedAction();
}

void Assistant::share()
{
    share_->setEnabled(false);
    problem_->hide();
    contract::AddShare add{name_->text().trimmed(), QFile::encodeName(folder_)};
    add.isPublic = who_->checkedId() == 1;
    session_.client().run<contract::AddShare>(this, add, [this](const Result<contract::Share>& share) {
        if (!share)
            return refuse(share.error());
        session_.refreshShares();
        makeLink(*share);
    });
}

void Assistant::makeLink(const contract::Share& share)
{
    session_.client().run<contract::CreateLink>(this, {share.name.toUtf8()},
                                                [this](const Result<contract::Link>& link) {
                                                    if (!link)
                                                        return refuse(link.error());
                                                    session_.linkMade(*link);
                                                    showLink(*link);
                                                });
}

void Assistant::refuse(const Error& error)
{
    share_->setEnabled(true);
    problem_->setText(QString::fromStdString(error.message));
    problem_->show();
}

void Assistant::showLink(const contract::Link& link)
{
    url_ = link.url;
    made_->setText(
        tr("Paste it into a mail or a chat, or let a phone read the code. Whoever opens it sees %1.")
            .arg(displayName(link.name)));
    qr_->setText(url_);
    QString shown = url_;
    for (const QLatin1Char mark : {QLatin1Char('/'), QLatin1Char('?'), QLatin1Char('&')})
        shown.replace(mark, QString(mark) + QChar(0x200b)); // a place to break the line
    address_->setText(shown);
    stack_->setCurrentIndex(1);
    setMinimumWidth(theme_.metrics().text * 52);
    reach_->watch(url_);
}

/// The texts are as high as their width makes them, which a dialog that is on the screen does not follow.
void Assistant::makeRoom()
{
    layout()->activate();
    resize(width(), std::max(height(), layout()->totalHeightForWidth(width())));
}

} // namespace spillway::ui
