// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/net/selfsigned.h"

#include "server/config/lanaddress.h"
#include "server/net/certificatefile.h"

#include <algorithm>
#include <array>
#include <memory>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <unistd.h>

namespace spillway::net {

namespace {

template<auto function>
struct Deleter
{
    void operator()(auto* object) const noexcept { function(object); }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter<&EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Deleter<&X509_free>>;
using Memory = std::unique_ptr<BIO, Deleter<&BIO_free>>;

constexpr std::int64_t kDay = 86'400;
/// Clients' clocks may be a little behind.
constexpr std::int64_t kHour = 3'600;

bool isHostName(std::string_view name)
{
    if (name.starts_with("*."))
        name.remove_prefix(2);
    if (name.empty() || name.size() > 253)
        return false;
    for (;;) {
        const auto dot = name.find('.');
        const std::string_view label = name.substr(0, dot);
        const bool good =
            !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
            std::all_of(label.begin(), label.end(), [](char c) {
                return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
            });
        if (!good)
            return false;
        if (dot == std::string_view::npos)
            return true;
        name.remove_prefix(dot + 1);
    }
}

bool addExtension(X509* certificate, int kind, const std::string& value)
{
    X509V3_CTX context{};
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, Deleter<&X509_EXTENSION_free>> extension(
        X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool addName(GENERAL_NAMES* all, int kind, const void* data, std::size_t size)
{
    std::unique_ptr<GENERAL_NAME, Deleter<&GENERAL_NAME_free>> entry(GENERAL_NAME_new());
    ASN1_STRING* text = kind == GEN_DNS ? ASN1_IA5STRING_new() : ASN1_OCTET_STRING_new();
    if (!entry || !text)
        return false;
    GENERAL_NAME_set0_value(entry.get(), kind, text);
    return ASN1_STRING_set(text, data, static_cast<int>(size)) == 1 &&
           sk_GENERAL_NAME_push(all, entry.get()) > 0 && entry.release();
}

bool addNames(X509* certificate, const std::vector<std::string>& names,
              const std::vector<config::IpAddress>& addresses)
{
    const std::unique_ptr<GENERAL_NAMES, Deleter<&GENERAL_NAMES_free>> all(sk_GENERAL_NAME_new_null());
    bool added = all != nullptr;
    for (const std::string& name : names)
        added = added && addName(all.get(), GEN_DNS, name.data(), name.size());
    for (const config::IpAddress& address : addresses) {
        const std::size_t skip = address.isV4() ? 12 : 0;
        added =
            added && addName(all.get(), GEN_IPADD, address.bytes.data() + skip, address.bytes.size() - skip);
    }
    return added &&
           X509_add1_ext_i2d(certificate, NID_subject_alt_name, all.get(), 0, X509V3_ADD_DEFAULT) == 1;
}

bool setSerial(X509* certificate)
{
    std::array<unsigned char, 16> random{};
    if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1)
        return false;
    random[0] =
        static_cast<unsigned char>((random[0] & 0x7f) | 1); // positive, and not zero (RFC 5280 §4.1.2.2)
    const std::unique_ptr<BIGNUM, Deleter<&BN_free>> number(
        BN_bin2bn(random.data(), static_cast<int>(random.size()), nullptr));
    return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate));
}

std::string textOf(BIO* memory)
{
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory, &data);
    return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

} // namespace

Result<SelfSigned> makeSelfSigned(const std::vector<std::string>& names,
                                  const std::vector<config::IpAddress>& addresses, std::int64_t now,
                                  std::int64_t days)
{
    for (const std::string& name : names)
        if (!isHostName(name))
            return fail(ErrorCode::InvalidArgument, "\"" + name + "\" is no host name");
    if (names.empty())
        return fail(ErrorCode::InvalidArgument, "a certificate needs a name");
    const auto failed = [] {
        ERR_clear_error();
        return fail(ErrorCode::Internal, "OpenSSL could not make a certificate");
    };
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate(X509_new());
    if (!key || !certificate)
        return failed();
    X509* const made = certificate.get();
    const std::int64_t notAfter = now - kHour + days * kDay;
    X509_NAME* const subject = X509_get_subject_name(made);
    const std::string commonName = names.front().substr(0, 64); // ub-common-name; clients look at the SAN
    const bool filled = X509_set_version(made, X509_VERSION_3) == 1 && setSerial(made) &&
                        ASN1_TIME_set(X509_getm_notBefore(made), now - kHour) &&
                        ASN1_TIME_set(X509_getm_notAfter(made), notAfter - 1) &&
                        X509_set_pubkey(made, key.get()) == 1 &&
                        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                                   reinterpret_cast<const unsigned char*>(commonName.data()),
                                                   static_cast<int>(commonName.size()), -1, 0) == 1 &&
                        X509_set_issuer_name(made, subject) == 1 &&
                        addExtension(made, NID_basic_constraints, "critical,CA:FALSE") &&
                        addExtension(made, NID_key_usage, "critical,digitalSignature") &&
                        addExtension(made, NID_ext_key_usage, "serverAuth") &&
                        addExtension(made, NID_subject_key_identifier, "hash") &&
                        addNames(made, names, addresses) && X509_sign(made, key.get(), EVP_sha256()) > 0;
    const Memory certificateText(BIO_new(BIO_s_mem())), keyText(BIO_new(BIO_s_secmem()));
    if (!filled || !certificateText || !keyText || PEM_write_bio_X509(certificateText.get(), made) != 1 ||
        PEM_write_bio_PKCS8PrivateKey(keyText.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
        return failed();
    return SelfSigned{textOf(certificateText.get()), textOf(keyText.get()), certificateFingerprint(made),
                      notAfter - 1};
}

void MachineNames::add(const std::string& text)
{
    if (const auto address = config::parseIpAddress(text)) {
        if (std::find(addresses.begin(), addresses.end(), *address) == addresses.end())
            addresses.push_back(*address);
    } else if (std::find(names.begin(), names.end(), text) == names.end()) {
        names.push_back(text);
    }
}

MachineNames machineNames(const std::vector<std::string>& first)
{
    MachineNames all;
    for (const std::string& name : first)
        all.add(name);
    std::array<char, 256> host{};
    if (::gethostname(host.data(), host.size() - 1) == 0 && isHostName(host.data()))
        all.add(host.data());
    all.add("localhost");
    for (const config::InterfaceAddress& entry : config::interfaceAddresses()) {
        const auto& bytes = entry.address.bytes;
        if (bytes[0] != 0xfe || (bytes[1] & 0xc0) != 0x80) // link-local: needs a zone, which no URL carries
            all.add(config::formatIpAddress(entry.address));
    }
    all.add("127.0.0.1");
    all.add("::1");
    return all;
}

} // namespace spillway::net
