// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/serve.h"

#include "app/startup.h"
#include "server/admin/adminserver.h"
#include "server/engine/engine.h"
#include "server/engine/management.h"

#include <QtCore/QCoreApplication>
#include <cstdio>
#include <sys/stat.h>

namespace spillway::app {

namespace {

int complain(const Error& error)
{
    std::fprintf(stderr, "spillway: %s\n", error.message.c_str());
    return 1;
}

/// --share and --public-share: the share is there afterwards, with that folder and that access. It stays in
/// the catalog.
Result<void> addShares(const config::ParsedCommand& command, engine::Management& management)
{
    for (const bool isPublic : {false, true}) {
        for (const std::string& text : command.values(isPublic ? "--public-share" : "--share")) {
            const auto named = config::parseNamedPath(text);
            if (!named)
                return fail(named.error());
            if (auto added = management.ensureShare(named->name, named->path, isPublic); !added)
                return fail(added.error());
        }
    }
    return {};
}

observe::LogLevel levelOf(const config::Settings& settings)
{
    return observe::logLevelFromName(settings.get<"log.level">()).value_or(observe::LogLevel::Info);
}

} // namespace

int serve(const config::ParsedCommand& command, int argc, char** argv)
{
    // Whatever is made in the data folder is for its owner alone.
    ::umask(077);
    Signals signals;
    QCoreApplication application(argc, argv);
    const SystemClock clock;

    const std::string dataPath = dataFolderPath(command);
    auto folder = catalog::DataFolder::open(dataPath);
    if (!folder)
        return complain(folder.error());
    auto settings = loadSettings(command, dataPath);
    if (!settings)
        return complain(settings.error());

    observe::LogOptions logOptions;
    logOptions.level = levelOf(*settings);
    logOptions.format = observe::defaultLogFormat();
    observe::Log log(logOptions, clock);

    auto engine = engine::Engine::create(std::move(*folder), std::move(*settings), clock, log);
    if (!engine)
        return complain(engine.error());
    engine::Management management = engine::Management::of(**engine);
    if (auto added = addShares(command, management); !added)
        return complain(added.error());
    if (auto started = (*engine)->start(); !started)
        return complain(started.error());
    admin::AdminServer admin(**engine, management);
    if (auto started = admin.start(); !started)
        return complain(started.error());

    bool ending = false;
    signals.connect({
        .terminate =
            [&] {
                if (ending) {
                    application.quit(); // the second signal does not wait for downloads
                    return;
                }
                ending = true;
                notifySystemd("STOPPING=1");
                log.info("ending: no new connections, running downloads have until the drain deadline");
                (*engine)->drain([&application] { application.quit(); });
            },
        .reload =
            [&] {
                auto changed = loadSettings(command, (*engine)->dataFolder());
                if (!changed) {
                    log.error("the settings were not reloaded", {{"reason", changed.error().message}});
                    return;
                }
                log.setLevel(levelOf(*changed));
                for (const std::string& name : (*engine)->reload(std::move(*changed)))
                    log.warning("a changed setting needs a restart", {{"setting", name}});
                admin.reload();
                log.info("the settings were reloaded");
            },
        .reopenLogs = [&] { (*engine)->reopenLogs(); },
    });

    for (const net::ListenAddress& address : (*engine)->addresses())
        std::printf("spillway: listening on http://%s\n", net::toString(address).c_str());
    for (const net::ListenAddress& address : (*engine)->tlsAddresses())
        std::printf("spillway: listening on https://%s\n", net::toString(address).c_str());
    std::fflush(stdout);
    notifySystemd("READY=1");
    const int code = application.exec();
    admin.stop();
    (*engine)->stop();
    return code;
}

} // namespace spillway::app
