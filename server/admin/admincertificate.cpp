// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/admincertificate.h"

#include "server/config/files.h"
#include "server/net/selfsigned.h"

#include <filesystem>

namespace spillway::admin {

namespace {

constexpr std::int64_t kDays = 3650;

bool isUsable(const net::CertificateFiles& files, std::int64_t now)
{
    const auto facts = net::readCertificate(files.certificate);
    std::error_code ignored;
    return facts && now < facts->notAfter && std::filesystem::exists(files.key, ignored);
}

} // namespace

Result<net::CertificateFiles> adminCertificate(const config::Settings& settings,
                                               const std::string& dataFolder, std::int64_t now)
{
    const std::string certificate(settings.get<"admin.certificate">()), key(settings.get<"admin.key">());
    if (certificate.empty() != key.empty())
        return fail(ErrorCode::InvalidArgument,
                    "admin.certificate and admin.key go together; one of them is not set");
    if (!certificate.empty())
        return net::CertificateFiles{certificate, key};

    const std::string folder = dataFolder + "/tls";
    net::CertificateFiles own{folder + "/admin.pem", folder + "/admin-key.pem"};
    if (isUsable(own, now))
        return own;
    const net::MachineNames machine = net::machineNames();
    const auto made = net::makeSelfSigned(machine.names, machine.addresses, now, kDays);
    if (!made)
        return fail(made.error());
    std::error_code failed;
    if (std::filesystem::create_directories(folder, failed))
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failed);
    if (failed)
        return fail(osError("cannot make the folder " + folder, failed.value()));
    if (auto written = config::writePrivateFile(own.key, made->keyPem); !written)
        return fail(written.error());
    if (auto written = config::writePrivateFile(own.certificate, made->certificatePem); !written)
        return fail(written.error());
    return own;
}

} // namespace spillway::admin
