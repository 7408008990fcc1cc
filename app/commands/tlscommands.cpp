// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/tlscommands.h"

#include "app/commands/backend.h"
#include "app/commands/output.h"
#include "server/config/lanaddress.h"
#include "server/net/selfsigned.h"

#include <QtCore/QJsonArray>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace spillway::app {

namespace {

using admin::toQString;

/// What clients on this network may call this machine.
struct Subject
{
    std::vector<std::string> names;
    std::vector<config::IpAddress> addresses;

    void add(const config::IpAddress& address)
    {
        if (std::find(addresses.begin(), addresses.end(), address) == addresses.end())
            addresses.push_back(address);
    }
    void add(const std::string& text)
    {
        if (const auto address = config::parseIpAddress(text))
            add(*address);
        else if (std::find(names.begin(), names.end(), text) == names.end())
            names.push_back(text);
    }
};

bool isLinkLocal(const config::IpAddress& address)
{
    return address.bytes[0] == 0xfe &&
           (address.bytes[1] & 0xc0) == 0x80; // needs a zone, which no URL carries
}

Subject subjectOf(const config::ParsedCommand& command)
{
    Subject subject;
    for (const std::string& name : command.values("--name"))
        subject.add(name);
    std::array<char, 256> host{};
    if (::gethostname(host.data(), host.size() - 1) == 0 && host[0] != '\0')
        subject.add(std::string(host.data()));
    subject.add(std::string("localhost"));
    for (const config::InterfaceAddress& entry : config::interfaceAddresses())
        if (!isLinkLocal(entry.address))
            subject.add(entry.address);
    subject.add(std::string("127.0.0.1"));
    subject.add(std::string("::1"));
    return subject;
}

/// A file for its owner only, whole or not at all: written beside, then moved into its place.
Result<void> writePrivate(const std::string& path, const std::string& text)
{
    const std::string beside = path + ".new";
    ::unlink(beside.c_str());
    const UniqueFd file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file || ::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
        ::fsync(file.get()) != 0 || ::rename(beside.c_str(), path.c_str()) != 0)
        return fail(osError("cannot write " + path, errno));
    return {};
}

QJsonArray textsOf(const Subject& subject)
{
    QJsonArray all;
    for (const std::string& name : subject.names)
        all.append(toQString(name));
    for (const config::IpAddress& address : subject.addresses)
        all.append(toQString(config::formatIpAddress(address)));
    return all;
}

} // namespace

int makeSelfSigned(const config::ParsedCommand& command, bool json)
{
    const auto location = locate(command);
    if (!location)
        return failed(location.error(), json);
    const std::string folder = location->dataFolder + "/tls";
    const std::string certificate = folder + "/certificate.pem", key = folder + "/key.pem";
    std::error_code problem;
    if (!command.has("--force"))
        for (const std::string& path : {certificate, key})
            if (std::filesystem::exists(std::filesystem::symlink_status(path, problem)))
                return failed({ErrorCode::AlreadyExists, path + " is there already; --force replaces it", 0},
                              json);

    const Subject subject = subjectOf(command);
    const auto made = net::makeSelfSigned(subject.names, subject.addresses, std::time(nullptr));
    if (!made)
        return failed(made.error(), json);
    std::filesystem::create_directories(folder, problem); // the umask makes it the owner's
    if (problem)
        return failed(osError("cannot make the folder " + folder, problem.value()), json);
    // The key first: a server that looks in between keeps the old pair, as these two do not fit.
    if (auto written = writePrivate(key, made->keyPem); !written)
        return failed(written.error(), json);
    if (auto written = writePrivate(certificate, made->certificatePem); !written)
        return failed(written.error(), json);

    if (json) {
        printJson(QJsonObject{{QStringLiteral("certificate"), toQString(certificate)},
                              {QStringLiteral("key"), toQString(key)},
                              {QStringLiteral("sha256"), toQString(made->fingerprint)},
                              {QStringLiteral("names"), textsOf(subject)},
                              {QStringLiteral("expires_at"), static_cast<qint64>(made->notAfter)}});
        return 0;
    }
    std::string names;
    for (const QJsonValue name : textsOf(subject))
        names += (names.empty() ? "" : " ") + name.toString().toStdString();
    print("Wrote " + printable(certificate) + " and " + printable(key) + ".\n" +
          table({"SHA-256", made->fingerprint},
                {{"names", names}, {"expires", timeText(static_cast<qint64>(made->notAfter))}}) +
          "Serve with it: spillway --tls-listen 0.0.0.0:8443. Browsers warn until they are told to trust it; "
          "compare "
          "the SHA-256.\n");
    return 0;
}

} // namespace spillway::app
