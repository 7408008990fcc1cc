// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/mainwindow.h"

#include "ui/dialogs/folderpicker.h"
#include "ui/dialogs/newlinkdialog.h"
#include "ui/models/format.h"
#include "ui/pages/banspage.h"
#include "ui/pages/limitspage.h"
#include "ui/pages/linkspage.h"
#include "ui/pages/logpage.h"
#include "ui/pages/nodespage.h"
#include "ui/pages/overviewpage.h"
#include "ui/pages/settingspage.h"
#include "ui/pages/sharespage.h"
#include "ui/pages/tokenspage.h"
#include "ui/pages/transferspage.h"
#include "ui/style/icons.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/stalebar.h"
#include "ui/widgets/toasts.h"
#include "ui/window/headerbar.h"
#include "ui/window/sidebar.h"

#include <QtCore/QMimeData>
#include <QtGui/QCloseEvent>
#include <QtGui/QDragEnterEvent>
#include <QtGui/QPainter>
#include <QtGui/QShortcut>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QStackedWidget>

namespace spillway::ui {

namespace {

constexpr int kFoldBelow = 1000;

QStringList localPaths(const QMimeData& data)
{
    QStringList paths;
    for (const QUrl& url : data.urls())
        if (url.isLocalFile())
            paths += url.toLocalFile();
    return paths;
}

} // namespace

/// Lights up the whole window while something is dragged over it, and says what will happen.
class MainWindow::DropCover final : public QWidget
{
public:
    DropCover(QWidget* over, Theme& theme) : QWidget(over), theme_(theme)
    {
        setAttribute(Qt::WA_TransparentForMouseEvents);
        hide();
    }
    void showFor(const QString& text)
    {
        text_ = text;
        setGeometry(parentWidget()->rect());
        raise();
        show();
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Palette& p = theme_.palette();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        QColor veil = p.window;
        veil.setAlphaF(0.9F);
        painter.fillRect(rect(), veil);
        painter.setPen(QPen(p.accent, 2, Qt::DashLine));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(rect().adjusted(16, 16, -16, -16), 12, 12);
        const QPixmap picture = iconPixmap("drop", p.accent, 64, devicePixelRatioF());
        painter.drawPixmap(width() / 2 - 32, height() / 2 - 80, picture);
        painter.setFont(theme_.font(theme_.metrics().title, true));
        painter.setPen(p.text);
        painter.drawText(rect().adjusted(48, height() / 2, -48, 0),
                         Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, text_);
    }

private:
    Theme& theme_;
    QString text_;
};

MainWindow::MainWindow(Session& session, Theme& theme) : session_(session), theme_(theme)
{
    setWindowTitle(QStringLiteral("Spillway"));
    setWindowIcon(productIcon());
    setMinimumSize(640, 420);
    setAcceptDrops(true);
    sidebar_ = new Sidebar(theme);
    header_ = new HeaderBar(session, theme);
    pages_ = new QStackedWidget;

    auto* right = new QWidget;
    auto* column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(header_);
    column->addWidget(line());
    auto* stale = new StaleBar(session, theme, *pages_);
    connect(stale, &StaleBar::mendWanted, this, &MainWindow::mendServerWanted);
    column->addWidget(stale);
    column->addWidget(pages_, 1);
    auto* body = new QWidget;
    auto* row = new QHBoxLayout(body);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(sidebar_);
    row->addWidget(verticalLine());
    row->addWidget(right, 1);
    setCentralWidget(body);
    toasts_ = new Toasts(*pages_, theme);
    cover_ = new DropCover(body, theme);

    auto* overview = new OverviewPage(session, theme);
    addPage(overview, "overview");
    connect(overview, &OverviewPage::linkWanted, this, [this](const QString& id) {
        openPage(Links);
        page(Links).filterBy(id);
    });
    connect(overview, &OverviewPage::clientWanted, this,
            [this](const QString& address) { openActivity(address, address); });
    connect(overview, &OverviewPage::fileWanted, this, [this](const QByteArray& name) {
        openActivity(displayName(name), QString::fromLatin1(name.toPercentEncoding()));
    });
    addPage(new SharesPage(session, theme), "folder");
    addPage(new LinksPage(session, theme), "link");
    addPage(new TransfersPage(session, theme), "transfers");
    addPage(new LimitsPage(session, theme), "limits");
    addPage(new TokensPage(session, theme), "key");
    addPage(new BansPage(session, theme), "shield");
    addPage(new NodesPage(session, theme), "node");
    addPage(new LogPage(session, theme), "log");
    auto* settings = new SettingsPage(session, theme);
    addPage(settings, "settings");
    settings->refresh(); // the palette finds settings, too
    connect(settings, &SettingsPage::restartWanted, this, &MainWindow::restartWanted);
    connect(header_, &HeaderBar::modesWanted, this, [this] { openPage(Nodes); });
    connect(sidebar_, &Sidebar::pageChosen, this, &MainWindow::openPage);
    connect(&session, &Session::notice, this, [this](const Notice& notice) { toasts_->show(notice); });
    connect(&session, &Session::linksChanged, this, [this] { showNumbers(); });
    connect(&session, &Session::snapshotCame, this, [this] { showNumbers(); });
    makeShortcuts();
    showNumbers();
    openPage(Shares);
}

void MainWindow::addPage(Page* page, const char* iconName)
{
    sidebar_->addPage(iconName, page->title());
    pages_->addWidget(page);
    connect(page, &Page::newLinkWanted, this, &MainWindow::openNewLink);
    connect(page, &Page::shareFolderWanted, this, &MainWindow::shareFolder);
    connect(page, &Page::shareFilesWanted, this, &MainWindow::shareFiles);
}

Page& MainWindow::page(PageId id) const
{
    return *static_cast<Page*>(pages_->widget(id));
}

void MainWindow::openPage(int page)
{
    pages_->setCurrentIndex(page);
    sidebar_->setCurrent(page);
}

int MainWindow::currentPage() const
{
    return pages_->currentIndex();
}

void MainWindow::makeShortcuts()
{
    for (int i = 0; i < PageCount; ++i)
        connect(new QShortcut(QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_0 + (i + 1) % 10)), this),
                &QShortcut::activated, this, [this, i] { openPage(i); });
    connect(new QShortcut(QKeySequence::Find, this), &QShortcut::activated, this,
            [this] { page(static_cast<PageId>(currentPage())).focusFilter(); });
    connect(new QShortcut(QKeySequence::New, this), &QShortcut::activated, this, [this] {
        if (currentPage() == Shares)
            page(Shares).newLink();
        else
            openNewLink({});
    });
    connect(new QShortcut(QKeySequence::Open, this), &QShortcut::activated, this, [this] { shareFolder(); });
    connect(new QShortcut(QKeySequence::Quit, this), &QShortcut::activated, this, &QWidget::close);
    connect(new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_K), this), &QShortcut::activated, this,
            &MainWindow::openPalette);
    for (const QKeySequence& keys : {QKeySequence(Qt::Key_F1), QKeySequence(QStringLiteral("?"))})
        connect(new QShortcut(keys, this), &QShortcut::activated, this, &MainWindow::openShortcuts);
}

void MainWindow::openNewLink(const QByteArray& target)
{
    auto* dialog = new NewLinkDialog(session_, theme_, target, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::setServer(const QString& name, QMenu* menu)
{
    header_->setServer(name, menu);
}

/// Of the server's machine, where that is not this one.
void MainWindow::shareElsewhere(bool file)
{
    auto* dialog = new FolderPicker(session_, theme_,
                                    file ? FolderPicker::Wanted::File : FolderPicker::Wanted::Folder, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::shareFolder()
{
    if (!session_.client().sharesOurFiles())
        return shareElsewhere(false);
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Choose a folder to share"));
    if (!folder.isEmpty())
        session_.sharePaths({folder});
}

void MainWindow::shareFiles()
{
    if (!session_.client().sharesOurFiles())
        return shareElsewhere(true);
    const QStringList files = QFileDialog::getOpenFileNames(this, tr("Choose files to share"));
    if (!files.isEmpty())
        session_.sharePaths(files);
}

void MainWindow::showNumbers()
{
    sidebar_->setNumber(Links, session_.links().activeCount());
    sidebar_->setNumber(Transfers, static_cast<std::int64_t>(session_.live().running.transfers.size()) +
                                       session_.live().running.omitted);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    event->ignore();
    Q_EMIT closeWanted();
}

void MainWindow::resizeEvent(QResizeEvent* event)
{
    QMainWindow::resizeEvent(event);
    sidebar_->setFolded(width() < theme_.metrics().scaled(kFoldBelow));
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    const qsizetype count = localPaths(*event->mimeData()).size();
    if (count == 0)
        return;
    if (!session_.client().sharesOurFiles()) {
        event->setDropAction(Qt::IgnoreAction);
        event->accept();
        return cover_->showFor(refusalOfDrops());
    }
    event->setDropAction(Qt::CopyAction);
    event->accept();
    cover_->showFor(count == 1 ? tr("Drop it to share it: a link to it will be in your clipboard")
                               : tr("Drop them to share them: %n link(s) will be in your clipboard", nullptr,
                                    static_cast<int>(count)));
}

QString MainWindow::refusalOfDrops() const
{
    return tr("These files are on this computer, and %1 shares only what is on its own disks. Copy them "
              "there first.")
        .arg(session_.client().serverName());
}

void MainWindow::dragLeaveEvent(QDragLeaveEvent*)
{
    cover_->hide();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    cover_->hide();
    const QStringList paths = localPaths(*event->mimeData());
    if (paths.isEmpty())
        return;
    if (!session_.client().sharesOurFiles()) {
        event->setDropAction(Qt::IgnoreAction);
        event->accept();
        return toasts_->show({refusalOfDrops(), {}, {}, std::chrono::seconds(10), true});
    }
    event->setDropAction(Qt::CopyAction);
    event->accept();
    session_.sharePaths(paths);
}

} // namespace spillway::ui
