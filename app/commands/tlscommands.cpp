// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/tlscommands.h"

#include "app/commands/backend.h"
#include "app/commands/output.h"
#include "server/config/files.h"
#include "server/net/selfsigned.h"

#include <QtCore/QJsonArray>
#include <cstdio>
#include <ctime>
#include <filesystem>

namespace spillway::app {

namespace {

using admin::toQString;

QJsonArray textsOf(const net::MachineNames& subject)
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

    const net::MachineNames subject = net::machineNames(command.values("--name"));
    const auto made = net::makeSelfSigned(subject.names, subject.addresses, std::time(nullptr));
    if (!made)
        return failed(made.error(), json);
    std::filesystem::create_directories(folder, problem); // the umask makes it the owner's
    if (problem)
        return failed(osError("cannot make the folder " + folder, problem.value()), json);
    // The key first: a server that looks in between keeps the old pair, as these two do not fit.
    if (auto written = config::writePrivateFile(key, made->keyPem); !written)
        return failed(written.error(), json);
    if (auto written = config::writePrivateFile(certificate, made->certificatePem); !written)
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
