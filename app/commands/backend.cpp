// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/backend.h"

#include "app/startup.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace spillway::app {

namespace {

constexpr std::chrono::milliseconds kLockWait{3'000};
constexpr std::chrono::milliseconds kLockRetry{50};
constexpr std::chrono::milliseconds kCallTimeout{30'000};

bool isThere(const std::string& path)
{
    struct stat info = {};
    return ::stat(path.c_str(), &info) == 0;
}

} // namespace

Result<Location> locate(const config::ParsedCommand& command)
{
    const Location usual{dataFolderPath(command), false};
    if (command.has("--data") || std::getenv("SPILLWAY_DATA") || admin::isDataFolderHeld(usual.dataFolder))
        return usual;
    std::vector<std::string> running;
    for (const admin::RunPointer& pointer : admin::readRunPointers()) {
        if (admin::isDataFolderHeld(pointer.dataFolder))
            running.push_back(pointer.dataFolder);
        else
            ::unlink(pointer.file.c_str()); // its server was killed
    }
    if (running.empty())
        return usual;
    if (running.size() == 1)
        return Location{running.front(), true};
    std::string names;
    for (const std::string& name : running)
        names += " " + name;
    return fail(ErrorCode::Conflict, "several servers run; say which one with --data:" + names);
}

Result<Backend> Backend::open(const config::ParsedCommand& command, bool mayCreate)
{
    auto location = locate(command);
    if (!location)
        return fail(location.error());
    Backend backend(std::move(*location));
    const std::string& data = backend.location_.dataFolder;
    const auto deadline = std::chrono::steady_clock::now() + kLockWait;
    for (;;) {
        if (!mayCreate && !isThere(data + "/lock"))
            return fail(ErrorCode::NotFound,
                        "there is no Spillway data in " + data +
                            "; start the server, share something, or name another folder with --data");
        auto folder = catalog::DataFolder::open(data);
        if (folder) {
            admin::removeRunFile(data); // a killed server's: we hold its lock
            if (auto opened = backend.openCatalog(command, std::move(*folder)); !opened)
                return fail(opened.error());
            return backend;
        }
        if (folder.error().code != ErrorCode::Busy)
            return fail(folder.error());
        // A server that runs, one that is starting, or another command that is soon done.
        auto run = admin::readRunFile(data);
        if (run && ::kill(static_cast<pid_t>(run->pid), 0) != 0 && errno == ESRCH)
            run = fail(ErrorCode::NotFound, {});
        if (run) {
            backend.serverPid_ = run->pid;
            backend.client_.emplace(std::move(*run), kCallTimeout);
            return backend;
        }
        if (run.error().code != ErrorCode::NotFound)
            return fail(run.error());
        if (std::chrono::steady_clock::now() >= deadline)
            return fail(folder.error());
        std::this_thread::sleep_for(kLockRetry);
    }
}

Result<void> Backend::openCatalog(const config::ParsedCommand& command, catalog::DataFolder folder)
{
    auto settings = loadSettings(command, folder.path());
    if (!settings)
        return fail(settings.error());
    folder_ = std::make_unique<catalog::DataFolder>(std::move(folder));
    clock_ = std::make_unique<SystemClock>();
    auto opened = catalog::Catalog::open(folder_->path(), *clock_);
    if (!opened)
        return fail(opened.error());
    catalog_ = std::move(*opened);
    management_ = std::make_unique<engine::Management>(*catalog_, *clock_, folder_->path(),
                                                       engine::ManagementSettings::from(*settings), nullptr);
    auto audit = admin::AuditLog::open(folder_->path(), *clock_, admin::AuditBounds::of(*settings));
    if (!audit)
        return fail(audit.error());
    audit_ = std::move(*audit);
    return {};
}

Result<QJsonValue> Backend::run(std::string_view name, const QJsonObject& parameters)
{
    const admin::Operation* operation = admin::findOperation(name);
    if (!operation)
        return fail(ErrorCode::Internal, "there is no operation " + std::string(name));
    if (client_)
        return client_->call(*operation, parameters);
    admin::OperationContext context{*management_};
    context.caller = admin::Caller::owner(admin::Caller::Kind::CommandLine);
    context.audit = audit_.get();
    return admin::runOperation(*operation, context, parameters);
}

} // namespace spillway::app
