// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a signed link costs: the whole check of a URL, its parts, and the ways to compute an HMAC that were
// weighed.
#include "server/auth/canonical.h"
#include "server/auth/link.h"
#include "server/auth/linkurl.h"

#include <benchmark/benchmark.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>
#include <string>

using namespace spillway;
using namespace spillway::auth;

namespace {

const std::string kSecret(32, 's');
const std::string kMessage = canonicalLink("AbCdEfGhIjKlMnOp");
const auto kRing =
    KeyRing::make({{"a2b3c4", std::string(32, 'x'), 0, {}, false}, {"k1k1k1", kSecret, 0, {}, true}}).value();

struct Url
{
    std::string path, query;
    explicit Url(const std::string& url)
        : path(url.substr(0, url.find('?'))), query(url.substr(url.find('?') + 1))
    {
    }
};

const Url kStored(makeLinkUrl("", "AbCdEfGhIjKlMnOp", "report.pdf", false, *kRing->current()));
const Url kPlain(makePresignedUrl("", {"team", "docs/report.pdf", false, 1'900'000'000, {}, {}},
                                  *kRing->current())
                     .value());
const Url
    kFull(makePresignedUrl("", {"team", "docs", true, 1'900'000'000, {"10.0.0.0/8"}, BytesPerSecond{2 << 20}},
                           *kRing->current())
              .value());

void checkStored(benchmark::State& state)
{
    for ([[maybe_unused]] auto _ : state) {
        StoredLink link;
        if (check(kStored.path, kStored.query, *kRing, link) != LinkVerdict::Valid) {
            state.SkipWithError("refused");
            break;
        }
    }
}
BENCHMARK(checkStored);

void parseStored(benchmark::State& state)
{
    for ([[maybe_unused]] auto _ : state) {
        StoredLink link;
        benchmark::DoNotOptimize(parseStoredLink(kStored.path, kStored.query, link));
    }
}
BENCHMARK(parseStored);

void checkPresigned(benchmark::State& state, const Url& url)
{
    const auto client = config::IpAddress::v4(10, 1, 2, 3);
    for ([[maybe_unused]] auto _ : state) {
        PresignedLink link;
        if (check(url.path, url.query, *kRing, 1'800'000'000, client, link) != LinkVerdict::Valid) {
            state.SkipWithError("refused");
            break;
        }
    }
}
BENCHMARK_CAPTURE(checkPresigned, plain, kPlain);
BENCHMARK_CAPTURE(checkPresigned, allRules, kFull);

// The HMAC alone, of the 41 bytes that a stored link signs.

void hmacOurs(benchmark::State& state)
{
    const HmacKey key(kSecret);
    const std::string_view parts[] = {kMessage};
    for ([[maybe_unused]] auto _ : state)
        benchmark::DoNotOptimize(key.sign(parts));
}
BENCHMARK(hmacOurs);

void hmacOpensslOneShot(benchmark::State& state)
{
    Mac mac{};
    unsigned size = 0;
    for ([[maybe_unused]] auto _ : state)
        benchmark::DoNotOptimize(HMAC(EVP_sha256(), kSecret.data(), static_cast<int>(kSecret.size()),
                                      reinterpret_cast<const unsigned char*>(kMessage.data()),
                                      kMessage.size(), mac.data(), &size));
}
BENCHMARK(hmacOpensslOneShot);

void hmacOpensslDuplicatedContext(benchmark::State& state)
{
    EVP_MAC* mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    EVP_MAC_CTX* prepared = EVP_MAC_CTX_new(mac);
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string("digest", digest, 0),
                                     OSSL_PARAM_construct_end()};
    EVP_MAC_init(prepared, reinterpret_cast<const unsigned char*>(kSecret.data()), kSecret.size(),
                 parameters);
    for ([[maybe_unused]] auto _ : state) {
        Mac out{};
        std::size_t size = 0;
        EVP_MAC_CTX* context = EVP_MAC_CTX_dup(prepared);
        EVP_MAC_update(context, reinterpret_cast<const unsigned char*>(kMessage.data()), kMessage.size());
        EVP_MAC_final(context, out.data(), &size, out.size());
        EVP_MAC_CTX_free(context);
        benchmark::DoNotOptimize(out);
    }
    EVP_MAC_CTX_free(prepared);
    EVP_MAC_free(mac);
}
BENCHMARK(hmacOpensslDuplicatedContext);

void hmacSodiumPreparedState(benchmark::State& state)
{
    crypto_auth_hmacsha256_state prepared;
    crypto_auth_hmacsha256_init(&prepared, reinterpret_cast<const unsigned char*>(kSecret.data()),
                                kSecret.size());
    for ([[maybe_unused]] auto _ : state) {
        Mac out{};
        crypto_auth_hmacsha256_state copy = prepared;
        crypto_auth_hmacsha256_update(&copy, reinterpret_cast<const unsigned char*>(kMessage.data()),
                                      kMessage.size());
        crypto_auth_hmacsha256_final(&copy, out.data());
        benchmark::DoNotOptimize(out);
    }
}
BENCHMARK(hmacSodiumPreparedState);

} // namespace
