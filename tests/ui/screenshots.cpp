// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of every page, in both schemes, languages and sizes, of a real engine with real transfers: for
// people to look at, and for the README. usage: spillway_screenshots FOLDER
#include "tests/support/consoleengine.h"
#include "ui/console.h"
#include "ui/dialogs/addlimitdialog.h"
#include "ui/dialogs/assistant.h"
#include "ui/dialogs/bandialog.h"
#include "ui/dialogs/commandpalette.h"
#include "ui/dialogs/newlinkdialog.h"
#include "ui/dialogs/newtokendialog.h"
#include "ui/models/format.h"
#include "ui/pages/settingspage.h"
#include "ui/pages/sharespage.h"
#include "ui/pages/transferspage.h"
#include "ui/style/theme.h"
#include "ui/window/mainwindow.h"

#include <QtCore/QDir>
#include <QtCore/QRandomGenerator>
#include <QtCore/QScopeGuard>
#include <QtWidgets/QApplication>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QListWidget>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QTableView>
#include <cstdio>
#include <sys/stat.h>

namespace spillway {
namespace {

using namespace std::chrono_literals;
using tests::ConsoleEngine;

struct Sample
{
    const char* share;
    const char* path;
    std::int64_t size;
};
constexpr Sample kSamples[] = {
    {"releases", "spillway-0.9.0-amd64.iso", 734'003'200},
    {"releases", "spillway-0.9.0-arm64.iso", 698'351'616},
    {"releases", "checksums.txt", 1'204},
    {"releases", "changelog.md", 18'420},
    {"releases", "archive/spillway-0.8.0.tar.xz", 12'582'912},
    {"photos", "2026/summer/beach.jpg", 4'812'331},
    {"photos", "2026/summer/sunset.jpg", 3'104'221},
    {"photos", "2026/winter/cabin.jpg", 5'203'118},
    {"photos", "2025/family.mp4", 402'653'184},
    {"photos", "2025/trip.mp4", 268'435'456},
    {"team", "Budget 2026.xlsx", 84'992},
    {"team", "Onboarding.pdf", 2'411'724},
    {"team", "videos/all-hands.mp4", 536'870'912},
    {"team", "design/logo.svg", 8'412},
};

void run(QCoreApplication&, std::chrono::milliseconds time)
{
    const QDeadlineTimer end(time);
    while (!end.hasExpired())
        QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
}

/// Downloads that go on for as long as this lives, each at its own pace.
class Clients
{
public:
    void add(const QString& url, const QString& rate, const QString& agent)
    {
        auto curl = std::make_unique<QProcess>();
        curl->setStandardOutputFile(QProcess::nullDevice());
        curl->setStandardErrorFile(QProcess::nullDevice());
        curl->start(QStringLiteral("curl"),
                    {QStringLiteral("-s"), QStringLiteral("--noproxy"), QStringLiteral("*"),
                     QStringLiteral("--limit-rate"), rate, QStringLiteral("-A"), agent, QStringLiteral("-o"),
                     QStringLiteral("/dev/null"), url});
        curls_.push_back(std::move(curl));
    }
    ~Clients()
    {
        for (auto& curl : curls_) {
            curl->kill();
            curl->waitForFinished(2000);
        }
    }

private:
    std::vector<std::unique_ptr<QProcess>> curls_;
};

/// Limits, a token and bans that an office would have; the token's text.
QString makeRules(ConsoleEngine& server, const QString& link)
{
    using contract::LimitLevel;
    const auto limit = [&](LimitLevel level, const QString& id, const char* field, const char* value) {
        (void)server.run(contract::SetLimit{level, id, {{QLatin1String(field), QLatin1String(value)}}});
    };
    limit(LimitLevel::Server, {}, "bandwidth", "60MB/s");
    limit(LimitLevel::Server, {}, "downloads", "200");
    limit(LimitLevel::Share, QStringLiteral("team"), "bandwidth", "5MB/s");
    limit(LimitLevel::Share, QStringLiteral("releases"), "priority", "high");
    limit(LimitLevel::Link, link, "bandwidth", "10MB/s");
    limit(LimitLevel::Ip, {}, "requests", "20/s");
    limit(LimitLevel::Ip, {}, "downloads", "20");
    limit(LimitLevel::Ip, QStringLiteral("10.20.0.0/16"), "bandwidth", "20MB/s");
    const auto token = server.run(contract::CreateToken{
        QStringLiteral("build server"), {QStringLiteral("download"), QStringLiteral("list")}});
    (void)server.run(contract::CreateToken{
        QStringLiteral("Ann's laptop"), {QStringLiteral("share")}, {QStringLiteral("photos")}, 90 * 86'400});
    const auto old =
        server.run(contract::CreateToken{QStringLiteral("old dashboard"), {QStringLiteral("view")}});
    if (old)
        (void)server.run(contract::RevokeToken{old->id});
    (void)server.run(
        contract::AddBan{QStringLiteral("203.0.113.77"), 86'400, QStringLiteral("guesses links")});
    (void)server.run(contract::AddBan{QStringLiteral("2001:db8:77:1::/64"), {}, QStringLiteral("scraper")});
    return token ? token->text : QString();
}

/// The other views of the page Transfers, and one transfer in detail.
template<class Save>
void shootTransfers(QApplication& application, ui::MainWindow& window, const Save& save)
{
    auto& page = static_cast<ui::TransfersPage&>(window.page(ui::MainWindow::Transfers));
    const std::pair<ui::TransfersPage::View, const char*> views[] = {
        {ui::TransfersPage::View::Clients, "transfers-clients"},
        {ui::TransfersPage::View::Links, "transfers-links"},
        {ui::TransfersPage::View::Ended, "transfers-ended"}};
    for (const auto& [view, name] : views) {
        page.setView(view);
        run(application, 700ms);
        save(name, window);
    }
    page.setView(ui::TransfersPage::View::Each);
    auto* table = page.findChild<QTableView*>(QStringLiteral("transfers"));
    table->selectRow(1);
    run(application, 5000ms);
    save("transfers-detail", window);
    table->clearSelection();
}

int shoot(QApplication& application, const QDir& folder)
{
    ConsoleEngine server;
    if (const auto started = server.start({{"listen", "0.0.0.0:0"},
                                           {"workers", "2"},
                                           {"log.access", "json"},
                                           {"public_url", "http://192.168.1.20:8080"}});
        !started) {
        std::fprintf(stderr, "%s\n", started.error().message.c_str());
        return 1;
    }
    // A place that reads well in a picture, where nobody has it.
    const std::string office = "/tmp/office";
    const bool mine = ::mkdir(office.c_str(), 0755) == 0;
    const auto place = [&](const std::string& name) {
        return mine ? office + "/" + name : server.file(name);
    };
    const auto tidy = qScopeGuard([&] {
        if (mine)
            std::filesystem::remove_all(office);
    });
    for (const Sample& sample : kSamples) {
        const std::string path = place(std::string(sample.share) + "/" + sample.path);
        std::filesystem::create_directories(std::filesystem::path(path).parent_path());
        catalog::writeFile(path, "x");
        std::filesystem::resize_file(path, static_cast<std::uintmax_t>(sample.size)); // sparse
    }
    for (const char* share : {"releases", "photos", "team"}) {
        contract::AddShare add{QLatin1String(share), QByteArray::fromStdString(place(share))};
        add.isPublic = share == std::string_view("releases");
        (void)server.run(add);
    }
    const auto link = [&](const char* target, std::int64_t seconds, const char* note) {
        contract::CreateLink command{
            target, {contract::LinkExpiry::Kind::After, std::chrono::seconds(seconds)}, QLatin1String(note)};
        if (seconds == 0)
            command.expiry.kind = contract::LinkExpiry::Kind::Never;
        const auto made = server.run(command);
        return made ? *made : contract::Link{};
    };
    const auto iso = link("releases/spillway-0.9.0-amd64.iso", 30 * 86'400, "Download page");
    const auto video = link("team/videos/all-hands.mp4", 7 * 86'400, "Tuesday's meeting");
    const auto album = link("photos/2026/summer", 14 * 86'400, "For Ann");
    const auto old = link("team/Onboarding.pdf", 1, "");
    const auto family = link("photos/2025/family.mp4", 0, "");
    (void)link("team/Budget 2026.xlsx", 86'400, "Only for the board");
    const auto wrong = link("photos/2025/trip.mp4", 7 * 86'400, "Wrong file");
    (void)server.run(contract::RevokeLink{wrong.id});

    const QString robot = makeRules(server, iso.id);
    const QString base = server.url();
    const auto local = [&](const contract::Link& one) {
        return QString(one.url).replace(QStringLiteral("http://192.168.1.20:8080"), base);
    };
    Clients clients;
    clients.add(local(iso), QStringLiteral("9M"), QStringLiteral("curl/8.5.0"));
    clients.add(local(iso), QStringLiteral("2M"),
                QStringLiteral("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/131.0"));
    clients.add(
        local(video), QStringLiteral("4M"),
        QStringLiteral("Mozilla/5.0 (Windows) AppleWebKit/537.36 (KHTML) Chrome/128 Safari/537.36 Edg/128"));
    clients.add(local(family), QStringLiteral("800k"),
                QStringLiteral("Mozilla/5.0 (iPhone) AppleWebKit/605 Version/17 Safari/604"));
    clients.add(base + QStringLiteral("/s/releases/spillway-0.9.0-arm64.iso"), QStringLiteral("6M"),
                QStringLiteral("aria2/1.36.0"));
    clients.add(base + QStringLiteral("/s/photos/2025/trip.mp4?token=") + robot, QStringLiteral("2M"),
                QStringLiteral("Python-urllib/3.11"));
    clients.add(base + QStringLiteral("/s/releases/spillway-0.9.0-arm64.iso"), QStringLiteral("3M"),
                QStringLiteral("Wget/1.21.3"));

    ui::Console console(application, server.client(), QString::fromStdString(server.file("console.ini")));
    console.showWindow();
    // Small requests beside the downloads, so that the charts have something to show.
    QTimer small;
    small.callOnTimeout([&] {
        for (int i = QRandomGenerator::global()->bounded(4); i-- > 0;) {
            auto* curl = new QProcess(&application);
            QObject::connect(curl, &QProcess::finished, curl, &QObject::deleteLater);
            const bool missing = QRandomGenerator::global()->bounded(6) == 0;
            curl->start(QStringLiteral("curl"),
                        {QStringLiteral("-s"), QStringLiteral("--noproxy"), QStringLiteral("*"),
                         QStringLiteral("-o"), QStringLiteral("/dev/null"),
                         base + (missing ? QStringLiteral("/s/releases/none")
                                         : QStringLiteral("/s/releases/changelog.md"))});
        }
    });
    small.start(400);
    run(application, std::chrono::seconds(qEnvironmentVariableIntValue("SCREENSHOT_WARM_UP") > 0
                                              ? qEnvironmentVariableIntValue("SCREENSHOT_WARM_UP")
                                              : 30));

    const std::pair<const char*, QSize> sizes[] = {{"1280x800", {1280, 800}}, {"900x600", {900, 600}}};
    const std::pair<const char*, ui::Theme::Choice> schemes[] = {{"light", ui::Theme::Choice::Light},
                                                                 {"dark", ui::Theme::Choice::Dark}};
    const char* pages[] = {"overview", "shares", "links", "transfers", "limits",
                           "tokens",   "bans",   "nodes", "log",       "settings"};
    static_assert(std::size(pages) == ui::MainWindow::PageCount);
    for (const char* language : {"en", "zh_CN"}) {
        console.setLanguage(QLatin1String(language));
        for (const auto& [schemeName, scheme] : schemes) {
            console.theme().choose(scheme);
            for (const auto& [sizeName, size] : sizes) {
                ui::MainWindow& window = console.window();
                window.resize(size);
                run(application, 300ms);
                const auto save = [&](const char* name, QWidget& widget) {
                    const QString file = QStringLiteral("%1-%2-%3-%4.png")
                                             .arg(QLatin1String(name), QLatin1String(language),
                                                  QLatin1String(schemeName), QLatin1String(sizeName));
                    widget.grab().save(folder.filePath(file));
                };
                for (int page = 0; page < ui::MainWindow::PageCount; ++page) {
                    window.openPage(page);
                    if (page == ui::MainWindow::Shares)
                        static_cast<ui::SharesPage&>(window.page(ui::MainWindow::Shares))
                            .openFolder(QStringLiteral("releases"), {});
                    run(application, 700ms);
                    if (page == ui::MainWindow::Links) {
                        auto* table = window.page(ui::MainWindow::Links).findChild<QTableView*>();
                        table->selectRow(1);
                        run(application, 500ms);
                    }
                    save(pages[page], window);
                    if (page == ui::MainWindow::Transfers)
                        shootTransfers(application, window, save);
                    if (page == ui::MainWindow::Settings) {
                        for (const int group : {0, 1}) {
                            window.settingsPage().findChild<QListWidget*>()->setCurrentRow(group);
                            run(application, 300ms);
                            save(group == 0 ? "settings-computer" : "settings-network", window);
                        }
                        window.openSetting(QStringLiteral("http.idle_timeout"));
                        run(application, 300ms);
                        save("settings-http", window);
                        window.openPalette();
                        run(application, 300ms);
                        save("palette", window);
                        delete window.findChild<ui::CommandPalette*>();
                    }
                }
                if (size.width() == 1280) {
                    ui::NewLinkDialog dialog(console.session(), console.theme(), "photos/2026/summer",
                                             &window);
                    dialog.show();
                    run(application, 300ms);
                    save("newlink", dialog);
                    dialog.findChild<QPushButton*>(QStringLiteral("moreRules"))->setChecked(true);
                    run(application, 100ms);
                    save("newlink-more", dialog);
                    ui::NewTokenDialog token(console.session(), console.theme(), &window);
                    token.show();
                    run(application, 200ms);
                    save("newtoken", token);
                    ui::AddLimitDialog limit(console.session(), console.theme(), &window);
                    limit.show();
                    run(application, 200ms);
                    save("addlimit", limit);
                    ui::BanDialog ban(console.session(), console.theme(), {}, {}, &window);
                    ban.show();
                    run(application, 200ms);
                    save("ban", ban);
                    ui::Assistant assistant(console.session(), console.theme(), &window);
                    assistant.setFolder(QStringLiteral("/tmp/office/photos"));
                    assistant.show();
                    run(application, 300ms);
                    save("assistant", assistant);
                }
            }
        }
    }
    // What a first start shows.
    console.setLanguage(QStringLiteral("en"));
    console.theme().choose(ui::Theme::Choice::Light);
    for (const char* share : {"releases", "photos", "team"})
        (void)server.run(contract::RemoveShare{QLatin1String(share)});
    console.session().refreshShares();
    console.session().refreshLinks();
    console.window().resize(1280, 800);
    for (int page : {ui::MainWindow::Shares, ui::MainWindow::Links}) {
        console.window().openPage(page);
        run(application, 800ms);
        console.window().grab().save(
            folder.filePath(QStringLiteral("empty-%1.png").arg(QLatin1String(pages[page]))));
    }
    // How it ends: nobody else has opened the link, at first and after a while.
    ui::Assistant assistant(console.session(), console.theme(), &console.window());
    assistant.setFolder(QString::fromStdString(place("photos")));
    assistant.show();
    assistant.findChild<QPushButton*>(QStringLiteral("share"))->click();
    run(application, 2s);
    assistant.grab().save(folder.filePath(QStringLiteral("assistant-link.png")));
    run(application, 15s);
    assistant.grab().save(folder.filePath(QStringLiteral("assistant-nobody.png")));
    return 0;
}

} // namespace
} // namespace spillway

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    // SCREENSHOT_FONT=20: as on a desktop whose font is half as large again.
    if (const int pixels = qEnvironmentVariableIntValue("SCREENSHOT_FONT"); pixels > 0) {
        QFont font = application.font();
        font.setPixelSize(pixels);
        application.setFont(font);
    }
    const QDir folder(argc > 1 ? QString::fromLocal8Bit(argv[1]) : QStringLiteral("."));
    folder.mkpath(QStringLiteral("."));
    return spillway::shoot(application, folder);
}
