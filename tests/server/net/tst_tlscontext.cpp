// SPDX-License-Identifier: GPL-3.0-or-later
// Which certificates are taken, which one is shown, and how long ticket keys live.
#include "server/net/tlscontext.h"

#include "tests/server/net/tlsfiles.h"
#include "tests/server/observe/manualclock.h"

#include <cstring>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <unistd.h>

namespace spillway::net {
namespace {

constexpr std::int64_t kDay = 86'400;

struct Loading : testing::Test
{
    Result<std::shared_ptr<const TlsContext>> load(std::vector<CertificateFiles> certificates)
    {
        return TlsContext::load({std::move(certificates)}, std::make_shared<TicketKeys>(clock), clock);
    }
    [[nodiscard]] std::int64_t now() const { return unixSeconds(clock.wall()); }

    TlsFiles files;
    observe::ManualClock clock;
};

TEST_F(Loading, WhatCannotBeUsedIsRefusedWithItsReason)
{
    const auto good = files.make("good", {"good.example"}, now());
    const auto other = files.make("other", {"other.example"}, now());
    files.write("empty.crt", "");
    files.write("text.crt", "no certificate\n");
    files.write("text.key", "no key\n");
    const auto broken = files.file("text.crt"), nokey = files.file("text.key");
    // A key with a password; nobody is asked for it.
    EVP_PKEY* const secret = EVP_EC_gen("P-256");
    std::FILE* const out = std::fopen(files.file("locked.key").c_str(), "w");
    char password[] = "geheim";
    ASSERT_EQ(PEM_write_PKCS8PrivateKey(out, secret, EVP_aes_256_cbc(), password, 6, nullptr, nullptr), 1);
    std::fclose(out);
    EVP_PKEY_free(secret);
    ASSERT_EQ(::chmod(files.file("locked.key").c_str(), 0600), 0);
    // An RSA key for an EC certificate.
    EVP_PKEY* const rsa = EVP_RSA_gen(2048);
    std::FILE* const rsaOut = std::fopen(files.file("rsa.key").c_str(), "w");
    ASSERT_EQ(PEM_write_PrivateKey(rsaOut, rsa, nullptr, nullptr, 0, nullptr, nullptr), 1);
    std::fclose(rsaOut);
    EVP_PKEY_free(rsa);
    ASSERT_EQ(::chmod(files.file("rsa.key").c_str(), 0600), 0);

    const struct
    {
        const char* name;
        CertificateFiles files;
        ErrorCode code;
    } rows[]{
        {"no certificate", {files.file("none.crt"), good.key}, ErrorCode::NotFound},
        {"no key", {good.certificate, files.file("none.key")}, ErrorCode::NotFound},
        {"empty", {files.file("empty.crt"), good.key}, ErrorCode::Corrupt},
        {"text", {broken, good.key}, ErrorCode::Corrupt},
        {"a key that is none", {good.certificate, nokey}, ErrorCode::Corrupt},
        {"a locked key", {good.certificate, files.file("locked.key")}, ErrorCode::Corrupt},
        {"another's key", {good.certificate, other.key}, ErrorCode::Conflict},
        {"a key of another kind", {good.certificate, files.file("rsa.key")}, ErrorCode::Conflict},
        {"swapped", {good.key, good.certificate}, ErrorCode::Corrupt},
        {"a folder", {good.certificate, files.file(".")}, ErrorCode::InvalidArgument},
    };
    for (const auto& row : rows) {
        SCOPED_TRACE(row.name);
        const auto loaded = load({row.files});
        ASSERT_FALSE(loaded);
        EXPECT_EQ(loaded.error().code, row.code) << loaded.error().message;
        EXPECT_FALSE(load({good, row.files})) << "one bad one spoils the set";
    }
    EXPECT_TRUE(load({good, other}));
    EXPECT_FALSE(load({}));
}

TEST_F(Loading, ADayTooEarlyOrTooLate)
{
    const auto made = files.make("some", {"some.example"}, now());
    const auto facts = readCertificate(made.certificate);
    ASSERT_TRUE(facts);
    EXPECT_TRUE(load({made}));
    const auto last = facts->notAfter - now();
    clock.advance(std::chrono::seconds(last - 1));
    EXPECT_TRUE(load({made}));
    clock.advance(std::chrono::seconds(1));
    EXPECT_EQ(load({made}).error().code, ErrorCode::Expired);

    const auto later = files.make("later", {"later.example"}, now() + kDay);
    EXPECT_EQ(load({later}).error().code, ErrorCode::Expired);
    clock.advance(std::chrono::seconds(kDay));
    EXPECT_TRUE(load({later}));
}

TEST_F(Loading, AKeyThatOthersMayUseIsRefused)
{
    const auto made = files.make("some", {"some.example"}, now());
    for (const mode_t mode : {0600, 0400, 0640, 0440}) {
        ASSERT_EQ(::chmod(made.key.c_str(), mode), 0);
        EXPECT_TRUE(load({made})) << mode;
    }
    for (const mode_t mode : {0644, 0604, 0602, 0601, 0666}) {
        ASSERT_EQ(::chmod(made.key.c_str(), mode), 0);
        EXPECT_EQ(load({made}).error().code, ErrorCode::PermissionDenied) << mode;
    }
}

TEST_F(Loading, TheNameChoosesTheCertificate)
{
    const auto context = load({files.make("one", {"one.example", "Shared.Example"}, now()),
                               files.make("wild", {"*.wild.example", "shared.example"}, now()),
                               files.make("deep", {"x.wild.example"}, now())});
    ASSERT_TRUE(context);
    const struct
    {
        const char* name;
        std::size_t index;
    } rows[]{{"one.example", 0},    {"ONE.example", 0},    {"one.example.", 0},   {"shared.example", 0},
             {"a.wild.example", 1}, {"b.WILD.example", 1}, {"x.wild.example", 2}, {"a.b.wild.example", 0},
             {"wild.example", 0},   {".wild.example", 0},  {"nobody.example", 0}, {"", 0},
             {"*.wild.example", 1}, {"192.0.2.1", 0}};
    for (const auto& row : rows)
        EXPECT_EQ((*context)->choose(row.name), row.index) << row.name;
}

TEST(TicketKeys, RotateAndLastAsLongAgain)
{
    observe::ManualClock clock;
    clock.advance(std::chrono::hours(1));
    TicketKeys keys(clock);
    const auto first = keys.current();
    ASSERT_TRUE(first);
    const auto is = [&](const TicketKey& key, bool found, bool old) {
        const auto at = keys.find(key.name.data());
        EXPECT_EQ(at.has_value(), found);
        if (at) {
            EXPECT_EQ(at->old, old);
            EXPECT_EQ(at->key.cipher, key.cipher);
            EXPECT_EQ(at->key.mac, key.mac);
        }
    };
    is(*first, true, false);
    clock.advance(TicketKeys::kRotation - std::chrono::nanoseconds(1));
    is(*first, true, false);
    clock.advance(std::chrono::nanoseconds(1));
    is(*first, true, true);
    const auto second = keys.current();
    ASSERT_TRUE(second);
    EXPECT_NE(second->name, first->name);
    EXPECT_NE(second->cipher, first->cipher);
    is(*second, true, false);
    clock.advance(TicketKeys::kRotation);
    is(*first, false, false);
    is(*second, true, true);
    // Nobody came for long: the last one is too old even to be the previous one.
    const auto third = keys.current();
    clock.advance(2 * TicketKeys::kRotation);
    is(*third, false, false);
    std::array<unsigned char, 16> unknown{};
    EXPECT_FALSE(keys.find(unknown.data()));
}

} // namespace
} // namespace spillway::net
