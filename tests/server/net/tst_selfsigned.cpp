// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/net/selfsigned.h"

#include "server/net/certificatefile.h"
#include "tests/server/net/tlsfiles.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace spillway::net {
namespace {

constexpr std::int64_t kNow = 1'760'000'000;

TEST(SelfSigned, IsGoodForItsNamesAndAddressesAndNoOthers)
{
    const TlsFiles files;
    const auto six = config::parseIpAddress("2001:db8::7");
    const auto made = makeSelfSigned({"Files.Example", "localhost", "*.wild.example"},
                                     {config::IpAddress::v4(192, 0, 2, 7), *six}, kNow);
    ASSERT_TRUE(made);
    BIO* const memory =
        BIO_new_mem_buf(made->certificatePem.data(), static_cast<int>(made->certificatePem.size()));
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(
        PEM_read_bio_X509(memory, nullptr, nullptr, nullptr), &X509_free);
    BIO_free(memory);
    ASSERT_TRUE(certificate);
    const auto host = [&](const char* name) {
        return X509_check_host(certificate.get(), name, 0, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, nullptr);
    };
    const auto address = [&](const char* text) { return X509_check_ip_asc(certificate.get(), text, 0); };
    for (const char* name : {"files.example", "localhost", "a.wild.example"})
        EXPECT_EQ(host(name), 1) << name;
    for (const char* name : {"example", "other.example", "wild.example", "a.b.wild.example"})
        EXPECT_EQ(host(name), 0) << name;
    EXPECT_EQ(address("192.0.2.7"), 1);
    EXPECT_EQ(address("2001:db8::7"), 1);
    EXPECT_EQ(address("192.0.2.8"), 0);

    files.write("made.crt", made->certificatePem);
    const auto facts = readCertificate(files.file("made.crt"));
    ASSERT_TRUE(facts);
    EXPECT_EQ(facts->names, (std::vector<std::string>{"files.example", "localhost", "*.wild.example"}));
    EXPECT_EQ(facts->fingerprint, made->fingerprint);
    EXPECT_EQ(facts->fingerprint.size(), 95u);
    EXPECT_EQ(facts->notAfter, made->notAfter);
    EXPECT_LT(facts->notBefore, kNow) << "a client's clock may be behind";
    // Clients refuse more than 397 days, both ends counted (RFC 5280 §4.1.2.5).
    EXPECT_LE(facts->notAfter - facts->notBefore + 1, kSelfSignedDays * 86'400);
    EXPECT_GT(facts->notAfter, kNow + 396 * 86'400);
}

TEST(SelfSigned, TwoAreNotTheSame)
{
    const auto one = makeSelfSigned({"localhost"}, {}, kNow), two = makeSelfSigned({"localhost"}, {}, kNow);
    ASSERT_TRUE(one && two);
    EXPECT_NE(one->fingerprint, two->fingerprint);
    EXPECT_NE(one->keyPem, two->keyPem);
}

TEST(SelfSigned, NamesThatAreNone)
{
    for (const std::string name : {"", " ", "a b", "-a", "a-", "a..b", ".a", "a.", "*", "a.*", "ä", "a\n",
                                   "a/b", "a,b", "a:1", "*.*.a"})
        EXPECT_EQ(makeSelfSigned({name}, {}, kNow).error().code, ErrorCode::InvalidArgument) << name;
    EXPECT_EQ(makeSelfSigned({}, {config::IpAddress::v4(127, 0, 0, 1)}, kNow).error().code,
              ErrorCode::InvalidArgument);
    const std::string label(63, 'a');
    EXPECT_TRUE(makeSelfSigned({label}, {}, kNow));
    EXPECT_TRUE(makeSelfSigned({label + "." + label + "." + label + "." + std::string(61, 'a')}, {}, kNow));
    EXPECT_FALSE(makeSelfSigned({label + "a"}, {}, kNow));
    EXPECT_FALSE(makeSelfSigned({label + "." + label + "." + label + "." + std::string(62, 'a')}, {}, kNow));
}

} // namespace
} // namespace spillway::net
