// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/doctor.h"

#include "app/commands/answertexts.h"
#include "app/commands/backend.h"
#include "app/commands/output.h"
#include "app/startup.h"
#include "server/contract/firewall.h"
#include "server/engine/certificates.h"
#include "server/engine/descriptors.h"
#include "server/engine/firewall.h"
#include "server/net/listensocket.h"

#include <QtCore/QJsonArray>
#include <algorithm>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace spillway::app {

namespace {

using Level = Check::Level;

constexpr std::uint64_t kWantedDescriptors = 65'536;
constexpr std::int64_t kWantedBacklog = 1'024;
constexpr std::int64_t kWantedWatches = 65'536;
constexpr std::int64_t kWantedPorts = 20'000;
constexpr std::int64_t kWantedCertificateDays = 14;

std::string octal(std::uint32_t mode)
{
    std::string text;
    for (int shift = 9; shift >= 0; shift -= 3)
        text += static_cast<char>('0' + ((mode >> shift) & 7));
    return text;
}

Check sysctlAtLeast(const char* name, const std::string& key, std::optional<std::int64_t> value,
                    std::int64_t wanted, const std::string& why)
{
    if (!value)
        return {Level::Warning, name, key + " cannot be read", "check that /proc is mounted"};
    const std::string is = key + " is " + std::to_string(*value);
    if (*value >= wanted)
        return {Level::Ok, name, is, {}};
    return {Level::Warning, name, is + ": " + why,
            "sysctl -w " + key + "=" + std::to_string(wanted) +
                "   (and the same in /etc/sysctl.d/spillway.conf)"};
}

Check openFiles(const SystemFacts& facts, const config::Settings& settings)
{
    const engine::ConnectionBound bound = engine::connectionBound(settings, facts.descriptorsHard);
    const bool tooMany = bound.asked > 0;
    const std::uint64_t need = tooMany ? bound.limitFor : kWantedDescriptors;
    const std::string is = "a process may open " + std::to_string(facts.descriptorsHard) + " files (now " +
                           std::to_string(facts.descriptorsSoft) + "; the server raises that to the former)";
    const bool asksForFewer = settings.get<"http.max_connections">() > 0 && !tooMany;
    if (facts.descriptorsHard >= need || asksForFewer)
        return {Level::Ok, "open-files", is, {}};
    return {tooMany ? Level::Problem : Level::Warning, "open-files",
            is + ": every connection takes one, and " + std::to_string(need) + " are wanted" +
                (tooMany ? "; of http.max_connections = " + std::to_string(bound.asked) + " only " +
                               std::to_string(bound.connections) + " are taken"
                         : std::string()),
            "in a shell: ulimit -Hn " + std::to_string(need) +
                " as root before the start; for a service: LimitNOFILE=" + std::to_string(need) +
                " (systemctl edit spillway)"};
}

Check localPorts(const SystemFacts& facts)
{
    if (!facts.firstLocalPort || !facts.lastLocalPort)
        return {Level::Warning, "port-range", "net.ipv4.ip_local_port_range cannot be read",
                "check that /proc is mounted"};
    const std::int64_t count = *facts.lastLocalPort - *facts.firstLocalPort + 1;
    const std::string is = "net.ipv4.ip_local_port_range has " + std::to_string(count) + " ports";
    if (count >= kWantedPorts)
        return {Level::Ok, "port-range", is, {}};
    return {Level::Warning, "port-range", is + ": a proxy on this machine may run out of them",
            "sysctl -w net.ipv4.ip_local_port_range=\"10240 60999\""};
}

Check clockCheck(const SystemFacts& facts)
{
    if (facts.year < 2024 || facts.year > 2100)
        return {Level::Problem, "clock",
                "the clock says the year " + std::to_string(facts.year) + ": links would expire wrongly",
                "timedatectl set-ntp true   (or: date -s …)"};
    if (facts.clockSynchronized.value_or(true))
        return {Level::Ok, "clock", "the clock runs and is synchronized", {}};
    return {Level::Warning, "clock", "the clock is not synchronized: expiries may be off",
            "timedatectl set-ntp true"};
}

/// Binds and lets go at once.
Check portCheck(const char* name, const config::Endpoint& endpoint, bool ours)
{
    const std::string where = config::formatEndpoint(endpoint);
    net::ListenAddress address{config::formatIpAddress(endpoint.address), endpoint.port};
    if (address.port == 0)
        return {Level::Ok, name, where + ": the system will choose a port", {}};
    const auto sockets = net::listenGroup(address, 1, false);
    if (sockets)
        return {Level::Ok, name, where + " is free", {}};
    switch (sockets.error().code) {
    case ErrorCode::AlreadyExists:
        if (ours)
            return {Level::Ok, name, where + " is in use, by the running server as it seems", {}};
        return {Level::Problem, name, where + " is taken by another process",
                "ss -ltnp 'sport = :" + std::to_string(endpoint.port) +
                    "'   shows which; or choose another port with " + "--" + name};
    case ErrorCode::Unsupported:
        return {Level::Warning, name, where + ": this machine has no such address; the others are used",
                "ip address"};
    case ErrorCode::PermissionDenied:
        return {Level::Problem, name, where + ": ports below 1024 are for root",
                "choose a port above 1023, or: setcap cap_net_bind_service=+ep PATH/TO/spillway"};
    default:
        return {Level::Problem, name, where + ": " + sockets.error().message, "choose another address"};
    }
}

Check shareCheck(const QJsonObject& share, const std::string& dataFolder)
{
    const std::string name = share.value(QLatin1String("name")).toString().toStdString();
    std::string path = share.value(QLatin1String("path")).toString().toStdString();
    if (share.contains(QLatin1String("path_base64")))
        path = QByteArray::fromBase64(share.value(QLatin1String("path_base64")).toString().toLatin1())
                   .toStdString();
    const auto usable = engine::sharePath(path, dataFolder);
    if (usable)
        return {Level::Ok, "share", "share " + name + ": " + path + " can be read", {}};
    return {Level::Problem, "share", "share " + name + ": " + usable.error().message,
            "mount or restore it, let this user read it (chmod -R o+rX), or: spillway share remove " + name};
}

/// Where downloads come in: as the running server says, else as the settings want it.
std::vector<config::Endpoint> listening(const config::Settings& settings, const QJsonValue& status)
{
    std::vector<config::Endpoint> endpoints;
    for (const QJsonValue address : value(status, "addresses").toArray())
        if (const auto endpoint =
                config::parseEndpoint(address.toString().section(QStringLiteral("://"), 1).toStdString()))
            endpoints.push_back(*endpoint);
    if (!endpoints.empty())
        return endpoints;
    endpoints = settings.get<"listen">();
    const std::vector<config::Endpoint>& secure = settings.get<"tls.listen">();
    endpoints.insert(endpoints.end(), secure.begin(), secure.end());
    return endpoints;
}

void append(std::vector<Check>& all, std::vector<Check> more)
{
    for (Check& check : more)
        all.push_back(std::move(check));
}

const char* levelName(Level level)
{
    return level == Level::Ok ? "ok" : level == Level::Warning ? "warning" : "problem";
}

void printChecks(const std::vector<Check>& checks, bool json)
{
    QJsonArray array;
    std::string text;
    for (const Check& check : checks) {
        array.append(
            QJsonObject{{QStringLiteral("level"), QString::fromLatin1(levelName(check.level))},
                        {QStringLiteral("name"), admin::toQString(check.name)},
                        {QStringLiteral("text"), admin::toQString(check.text)},
                        {QStringLiteral("mend"),
                         check.mend.empty() ? QJsonValue(QJsonValue::Null) : admin::toQString(check.mend)}});
        text += std::string(levelName(check.level)) + ": " + printable(check.text) + "\n";
        if (!check.mend.empty())
            text += "    mend: " + printable(check.mend) + "\n";
    }
    if (json)
        printJson(array);
    else
        print(text);
}

} // namespace

std::vector<Check> checkSystem(const SystemFacts& facts, const config::Settings& settings)
{
    std::vector<Check> checks{
        openFiles(facts, settings),
        sysctlAtLeast("somaxconn", "net.core.somaxconn", facts.somaxconn, kWantedBacklog,
                      "many clients that come at once are refused"),
        sysctlAtLeast("syn-backlog", "net.ipv4.tcp_max_syn_backlog", facts.synBacklog, kWantedBacklog,
                      "many clients that come at once have to try again"),
        localPorts(facts),
        clockCheck(facts),
    };
    if (settings.get<"index.enabled">())
        checks.push_back(sysctlAtLeast("inotify-watches", "fs.inotify.max_user_watches", facts.inotifyWatches,
                                       kWantedWatches,
                                       "each shared folder takes one; further ones are looked at by a poll"));
    checks.push_back(
        facts.openat2 ? Check{Level::Ok, "openat2", "openat2 is there", {}}
                      : Check{Level::Warning, "openat2",
                              "openat2 is missing or forbidden: symlinks in shares are not followed",
                              "Linux 5.6 or later; in a container, a seccomp profile that allows openat2"});
    checks.push_back({Level::Ok,
                      "cachestat",
                      facts.cachestat ? "cachestat is there"
                                      : "cachestat is not there (Linux 6.5 has it); mincore is used instead",
                      {}});
    return checks;
}

std::vector<Check> checkDataFolder(const std::string& path, const FolderFacts& facts, std::uint32_t userId)
{
    constexpr std::uint64_t mebibyte = 1 << 20;
    if (!facts.there)
        return {{Level::Warning, "data-folder",
                 "there is no data folder " + path + " yet; the first start makes it",
                 "spillway --data " + path}};
    std::vector<Check> checks;
    if (!facts.writable)
        checks.push_back({Level::Problem, "data-folder", "the data folder " + path + " cannot be written",
                          "chown -R " + std::to_string(userId) + " " + path + " && chmod 700 " + path});
    else if ((facts.mode & 077) != 0)
        checks.push_back({Level::Problem, "data-folder",
                          "the data folder " + path + " has mode " + octal(facts.mode) +
                              ": others can get at the signing keys",
                          "chmod 700 " + path});
    else if (facts.owner != userId)
        checks.push_back({Level::Warning, "data-folder",
                          "the data folder " + path + " belongs to another user",
                          "run spillway as that user, or: chown -R " + std::to_string(userId) + " " + path});
    else
        checks.push_back(
            {Level::Ok, "data-folder", "the data folder " + path + " is private and can be written", {}});

    const std::string space = std::to_string(facts.freeBytes / mebibyte) + " MiB are free for " + path;
    if (facts.freeBytes < 64 * mebibyte)
        checks.push_back({Level::Problem, "disk-space", space + ": the catalog cannot grow",
                          "df -h " + path + "   and make room"});
    else if (facts.freeBytes < 1024 * mebibyte)
        checks.push_back({Level::Warning, "disk-space", space, "df -h " + path + "   and make room"});
    else
        checks.push_back({Level::Ok, "disk-space", space, {}});
    if (facts.countsInodes && facts.freeInodes < 100)
        checks.push_back({Level::Problem, "disk-inodes", "no more files can be made beside " + path,
                          "df -i " + path + "   and remove files"});
    return checks;
}

std::vector<Check> checkPrivateFiles(const std::string& dataFolder)
{
    std::vector<Check> checks;
    std::error_code failed;
    for (std::filesystem::directory_iterator entry(dataFolder, failed), end; !failed && entry != end;
         entry.increment(failed)) {
        struct stat info = {};
        const std::string path = entry->path().string();
        if (::lstat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && (info.st_mode & 077) != 0)
            checks.push_back({Level::Problem, "private-file",
                              path + " has mode " + octal(info.st_mode & 07777) + ": others may read it",
                              "chmod 600 " + path});
    }
    return checks;
}

std::vector<Check> checkPorts(const config::Settings& settings, bool ourServerRuns)
{
    std::vector<Check> checks;
    for (const config::Endpoint& endpoint : settings.get<"listen">())
        checks.push_back(portCheck("listen", endpoint, ourServerRuns));
    for (const config::Endpoint& endpoint : settings.get<"tls.listen">())
        checks.push_back(portCheck("tls-listen", endpoint, ourServerRuns));
    for (const config::Endpoint& endpoint : settings.get<"admin.listen">())
        checks.push_back(portCheck("admin-listen", endpoint, ourServerRuns));
    return checks;
}

Check checkReach(const config::Settings& settings, const QJsonValue& status, const std::string& firewall)
{
    const std::string reachedBy = member(value(status, "reached_by"), "address");
    if (!reachedBy.empty())
        return {Level::Ok, "reach", "other machines reach this one; the last was " + reachedBy, {}};
    const std::vector<config::Endpoint> endpoints = listening(settings, status);
    const auto open = std::find_if(endpoints.begin(), endpoints.end(), [](const config::Endpoint& endpoint) {
        return !endpoint.address.isLoopback();
    });
    if (open == endpoints.end())
        return {Level::Ok, "reach", "the server listens to this machine alone", {}};
    const std::string nobody = "no other machine has come through so far, and ";
    if (firewall.empty())
        return {Level::Ok, "reach", nobody + "no firewall is to be seen", {}};
    return {Level::Warning, "reach", nobody + "the firewall " + firewall + " runs here",
            contract::openPortCommand(admin::toQString(firewall), open->port).toStdString()};
}

std::vector<Check> checkTls(const config::Settings& settings, const std::string& dataFolder,
                            const Clock& clock, bool kernelTls)
{
    if (settings.get<"tls.listen">().empty())
        return {};
    std::vector<Check> checks;
    const auto files = engine::certificateFiles(settings, dataFolder);
    if (!files)
        return {{Level::Problem, "tls-certificate", files.error().message, "spillway config show"}};
    for (const net::CertificateFiles& pair : *files) {
        const auto loaded = net::TlsContext::load({{pair}}, std::make_shared<net::TicketKeys>(clock), clock);
        if (!loaded) {
            checks.push_back({Level::Problem, "tls-certificate", loaded.error().message,
                              "get a new one from your ACME client, or: spillway tls self-signed --force"});
            continue;
        }
        const net::CertificateFacts facts = (*loaded)->certificates().front();
        const std::int64_t days = (facts.notAfter - unixSeconds(clock.wall())) / 86'400;
        const std::string is =
            "the certificate " + pair.certificate + " is good for " + std::to_string(days) + " days more";
        if (days < kWantedCertificateDays)
            checks.push_back({Level::Warning, "tls-certificate", is,
                              "renew it: certbot renew, lego renew, or: spillway tls self-signed --force"});
        else
            checks.push_back({Level::Ok, "tls-certificate", is, {}});
    }
    checks.push_back({Level::Ok,
                      "kernel-tls",
                      kernelTls
                          ? "the kernel encrypts what is sent by HTTPS (kTLS)"
                          : "the kernel cannot encrypt (modprobe tls may change that); OpenSSL does it here",
                      {}});
    return checks;
}

int runDoctor(const config::ParsedCommand& command, bool json)
{
    const auto location = locate(command);
    if (!location)
        return failed(location.error(), json);
    const std::string& data = location->dataFolder;
    if (location->found)
        say("looking at the server on " + data);
    std::vector<Check> checks;
    auto settings = loadSettings(command, data);
    if (!settings) {
        checks.push_back({Level::Problem, "settings", settings.error().message, "spillway config check"});
        settings = config::Settings();
    }
    append(checks, checkSystem(readSystemFacts(), *settings));
    // Before anything opens the folder, which would close it to others by itself.
    const FolderFacts folder = readFolderFacts(data);
    append(checks, checkDataFolder(data, folder, ::geteuid()));
    if (folder.there)
        append(checks, checkPrivateFiles(data));
    bool running = false;
    QJsonValue status;
    if (folder.there && folder.writable) {
        auto backend = Backend::open(command, false);
        auto shares = backend ? backend->run("share.list", {})
                              : Result<QJsonValue>(backend.error().code == ErrorCode::NotFound
                                                       ? Result<QJsonValue>(QJsonArray())
                                                       : fail(backend.error()));
        running = backend && backend->online();
        if (running)
            status = backend->run("status", {}).value_or(QJsonValue());
        if (!shares)
            checks.push_back({Level::Problem, "catalog", shares.error().message,
                              "stop what uses it, or put back the data folder from a backup"});
        else
            for (const QJsonValue share : shares->toArray())
                checks.push_back(shareCheck(share.toObject(), data));
    }
    append(checks, checkPorts(*settings, running));
    checks.push_back(checkReach(*settings, status, engine::runningFirewall()));
    append(checks, checkTls(*settings, data, SystemClock(), net::kernelTlsAvailable()));
    printChecks(checks, json);
    const bool problem = std::any_of(checks.begin(), checks.end(),
                                     [](const Check& check) { return check.level == Level::Problem; });
    return problem ? 1 : 0;
}

} // namespace spillway::app
