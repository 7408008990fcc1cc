// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/net/certificatefile.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <memory>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace spillway::net {

namespace {

std::int64_t unixTime(const ASN1_TIME* time)
{
    std::tm parts{};
    return ASN1_TIME_to_tm(time, &parts) == 1 ? static_cast<std::int64_t>(::timegm(&parts)) : 0;
}

/// Names of the subjectAltName only, as clients of today look at nothing else (RFC 9525 §6.3).
std::vector<std::string> dnsNames(const X509* certificate)
{
    std::vector<std::string> names;
    const std::unique_ptr<GENERAL_NAMES, void (*)(GENERAL_NAMES*)> all(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
        &GENERAL_NAMES_free);
    for (int i = 0; all && i < sk_GENERAL_NAME_num(all.get()); ++i) {
        const GENERAL_NAME* entry = sk_GENERAL_NAME_value(all.get(), i);
        if (entry->type != GEN_DNS)
            continue;
        std::string name(reinterpret_cast<const char*>(ASN1_STRING_get0_data(entry->d.dNSName)),
                         static_cast<std::size_t>(ASN1_STRING_length(entry->d.dNSName)));
        std::transform(name.begin(), name.end(), name.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        names.push_back(std::move(name));
    }
    return names;
}

tl::unexpected<Error> cannotOpen(const std::string& what, const std::string& file, int error)
{
    Error failure = osError("cannot read " + what + " " + file, error);
    if (error == ENOENT)
        failure.message = "there is no " + what + " " + file +
                          ": make one with \"spillway tls self-signed\", or set tls.certificate and tls.key";
    return fail(std::move(failure));
}

} // namespace

std::string certificateFingerprint(const X509* certificate)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    if (X509_digest(certificate, EVP_sha256(), digest.data(), &length) != 1)
        return {};
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (unsigned int i = 0; i < length; ++i) {
        if (i > 0)
            text += ':';
        text += digits[digest[i] >> 4];
        text += digits[digest[i] & 15];
    }
    return text;
}

Result<CertificateFacts> readCertificate(const std::string& file)
{
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(std::fopen(file.c_str(), "re"),
                                                                 &std::fclose);
    if (!stream)
        return cannotOpen("certificate", file, errno);
    ERR_clear_error();
    const std::unique_ptr<X509, void (*)(X509*)> certificate(
        PEM_read_X509(stream.get(), nullptr, nullptr, nullptr), &X509_free);
    ERR_clear_error();
    if (!certificate)
        return fail(ErrorCode::Corrupt,
                    file + " holds no certificate in PEM form (\"-----BEGIN CERTIFICATE-----\")");
    CertificateFacts facts;
    facts.file = file;
    facts.names = dnsNames(certificate.get());
    facts.notBefore = unixTime(X509_get0_notBefore(certificate.get()));
    facts.notAfter = unixTime(X509_get0_notAfter(certificate.get()));
    facts.fingerprint = certificateFingerprint(certificate.get());
    return facts;
}

Result<void> checkPrivateKeyFile(const std::string& file)
{
    struct stat info = {};
    if (::stat(file.c_str(), &info) != 0)
        return cannotOpen("private key", file, errno);
    if (!S_ISREG(info.st_mode))
        return fail(ErrorCode::InvalidArgument, "the private key " + file + " is not a file");
    if ((info.st_mode & S_IRWXO) != 0)
        return fail(ErrorCode::PermissionDenied,
                    "everybody on this machine may use the private key " + file + ": chmod 600 " + file);
    if (::access(file.c_str(), R_OK) != 0)
        return cannotOpen("private key", file, errno);
    return {};
}

} // namespace spillway::net
