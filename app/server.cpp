// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server.h"

#include "app/startup.h"

#include <QtCore/QCoreApplication>
#include <cstdio>
#include <filesystem>
#include <future>

namespace spillway::app {

namespace {

/// What a path on the command line names; as it is where nothing is there, so that the refusal names it.
std::string wholePath(const std::string& path)
{
    std::error_code failed;
    const auto real = std::filesystem::canonical(path, failed);
    return failed ? std::filesystem::absolute(path, failed).string() : real.string();
}

QJsonObject shareParameters(const std::string& name, const std::string& path, bool isPublic)
{
    QJsonObject parameters{{QStringLiteral("name"), admin::toQString(name)},
                           {QStringLiteral("public"), isPublic}};
    const QString text = admin::toQString(path);
    if (text.toUtf8().toStdString() == path)
        parameters.insert(QStringLiteral("path"), text);
    else
        parameters.insert(QStringLiteral("path_base64"),
                          QString::fromLatin1(QByteArray::fromStdString(path).toBase64()));
    return parameters;
}

/// How long a change of the settings waits for the main thread.
constexpr std::chrono::seconds kApplyWait{2};

observe::LogLevel levelOf(const config::Settings& settings)
{
    return observe::logLevelFromName(settings.get<"log.level">()).value_or(observe::LogLevel::Info);
}

} // namespace

Result<std::unique_ptr<Server>> Server::start(const config::ParsedCommand& command, Signals& signals)
{
    std::unique_ptr<Server> server(new Server(command));
    if (auto opened = server->open(); !opened)
        return fail(opened.error());
    server->connectSignals(signals);
    return server;
}

Server::~Server()
{
    if (admin_)
        admin_->stop();
    if (engine_)
        engine_->stop();
    if (recorder_)
        recorder_->close();
}

Result<void> Server::open()
{
    const std::string dataPath = dataFolderPath(command_);
    auto folder = catalog::DataFolder::open(dataPath);
    if (!folder)
        return fail(folder.error());
    config::SettingsStore store = settingsStore(command_, dataPath);
    auto settings = store.read();
    if (!settings)
        return fail(settings.error());
    settings_ = std::make_unique<engine::SettingsControl>(
        std::move(store), *settings,
        [this](config::Settings changed) { applyFromAnyThread(std::move(changed)); });

    observe::LogOptions logOptions;
    logOptions.level = levelOf(*settings);
    logOptions.format = observe::defaultLogFormat();
    log_ = std::make_unique<observe::Log>(logOptions, clock_);

    auto engine = engine::Engine::create(std::move(*folder), std::move(*settings), clock_, *log_);
    if (!engine)
        return fail(engine.error());
    engine_ = std::move(*engine);
    management_ =
        std::unique_ptr<engine::Management>(new engine::Management(engine::Management::of(*engine_)));
    management_->setSettingsControl(settings_.get());
    if (auto opened = openAudit(); !opened)
        return opened;
    if (auto added = addShares(); !added)
        return added;
    // From the admin API's thread. A second wish is the first one's.
    engine_->onEndWanted([this] {
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [this] {
                if (!ending_)
                    end();
            },
            Qt::QueuedConnection);
    });
    if (auto started = engine_->start(); !started)
        return fail(started.error());
    admin_ = std::make_unique<admin::AdminServer>(*engine_, *management_, audit_.get());
    return admin_->start();
}

/// Before anything can change.
Result<void> Server::openAudit()
{
    auto audit =
        admin::AuditLog::open(engine_->dataFolder(), clock_, admin::AuditBounds::of(engine_->settings()));
    if (!audit)
        return fail(audit.error());
    audit_ = std::move(*audit);
    for (const std::string& note : audit_->notes())
        log_->error("the audit log is not whole", {{"reason", note}});
    recorder_ = std::make_unique<admin::AuditRecorder>(*audit_, *log_);
    settings_->onEdited(
        [this](const auto& before, const auto& after) { recorder_->settingsEdited(before, after); });
    engine_->onRules([this](const policy::BanRecord& ban) { recorder_->banned(ban); },
                     [this](observe::Mode mode, bool active, const std::string& reason) {
                         recorder_->modeChanged(mode, active, reason);
                     });
    return {};
}

/// --share and --public-share: the share is there afterwards, with that folder and that access. It stays in
/// the catalog; what is so already is no change.
Result<void> Server::addShares()
{
    for (const bool isPublic : {false, true}) {
        for (const std::string& text : command_.values(isPublic ? "--public-share" : "--share")) {
            const auto named = config::parseNamedPath(text);
            if (!named)
                return fail(named.error());
            if (auto added = ensureShare(*named, isPublic); !added)
                return added;
        }
    }
    return {};
}

Result<void> Server::ensureShare(const config::NamedPath& named, bool isPublic)
{
    const auto shares = management_->listShares();
    if (!shares)
        return fail(shares.error());
    const std::string path = wholePath(named.path);
    const char* operation = "share.add";
    for (const catalog::Share& share : *shares) {
        if (share.name != named.name)
            continue;
        if (share.path == path && share.isPublic == isPublic)
            return {};
        operation = "share.update";
    }
    admin::OperationContext context = operations();
    context.caller = admin::Caller::owner(admin::Caller::Kind::CommandLine);
    const auto changed = admin::runOperation(*admin::findOperation(operation), context,
                                             shareParameters(named.name, path, isPublic));
    return changed ? Result<void>() : Result<void>(fail(changed.error()));
}

void Server::connectSignals(Signals& signals)
{
    signals.connect({
        .terminate = [this] { end(); },
        .reload = [this] { reload(); },
        .reopenLogs = [this] { engine_->reopenLogs(); },
    });
}

void Server::end()
{
    if (ending_) {
        QCoreApplication::exit(); // the second time it does not wait for downloads
        return;
    }
    ending_ = true;
    notifySystemd("STOPPING=1");
    log_->info("ending: no new connections, running downloads have until the drain deadline");
    // Not quit(): a window may object to that.
    engine_->drain([] { QCoreApplication::exit(); });
}

void Server::reload()
{
    auto changed = settings_->store().read();
    if (!changed) {
        log_->error("the settings were not reloaded", {{"reason", changed.error().message}});
        return;
    }
    settings_->note(*changed);
    apply(std::move(*changed));
    log_->info("the settings were reloaded");
}

/// A change that the admin API or the window makes. It waits, so that the change holds when it is answered;
/// but not for ever, for the main thread may just be waiting for the asking one to end.
void Server::applyFromAnyThread(config::Settings settings)
{
    auto done = std::make_shared<std::promise<void>>();
    QMetaObject::invokeMethod(
        QCoreApplication::instance(),
        [this, done, settings = std::move(settings)]() mutable {
            if (!ending_)
                apply(std::move(settings));
            done->set_value();
        },
        Qt::QueuedConnection);
    (void)done->get_future().wait_for(kApplyWait);
}

void Server::apply(config::Settings settings)
{
    log_->setLevel(levelOf(settings));
    audit_->setBounds(admin::AuditBounds::of(settings));
    for (const std::string& name : engine_->reload(std::move(settings)))
        log_->warning("a changed setting needs a restart", {{"setting", name}});
    admin_->reload();
}

void Server::announce() const
{
    for (const net::ListenAddress& address : engine_->addresses())
        std::printf("spillway: listening on http://%s\n", net::toString(address).c_str());
    for (const net::ListenAddress& address : engine_->tlsAddresses())
        std::printf("spillway: listening on https://%s\n", net::toString(address).c_str());
    std::fflush(stdout);
    notifySystemd("READY=1");
}

} // namespace spillway::app
