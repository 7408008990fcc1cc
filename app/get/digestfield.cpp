// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/digestfield.h"

#include <algorithm>
#include <openssl/evp.h>
#include <utility>

namespace spillway::get {

namespace {

int base64Value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/// Exactly `length` bytes. 32 of them are 43 digits and a "=", 64 are 86 and "=="; a missing "=" is let pass
/// (RFC 8941 §4.2.7).
std::optional<std::string> decode(std::string_view base64, std::size_t length)
{
    const std::size_t digits = (length * 8 + 5) / 6;
    if (base64.size() == (length + 2) / 3 * 4)
        while (base64.size() > digits && base64.back() == '=')
            base64.remove_suffix(1);
    if (base64.size() != digits)
        return std::nullopt;
    std::string bytes;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : base64) {
        const int value = base64Value(c);
        if (value < 0)
            return std::nullopt;
        bits = (bits << 6 | static_cast<std::uint32_t>(value)) & 0xffffffU;
        count += 6;
        if (count >= 8 && bytes.size() < length) {
            count -= 8;
            bytes += static_cast<char>(bits >> count & 0xffU);
        }
    }
    return bytes;
}

/// The member `name` of a dictionary, as `length` bytes.
std::optional<std::string> memberOf(std::string_view field, std::string_view name, std::size_t length)
{
    std::optional<std::string> found;
    // A byte sequence holds no comma and a string of another member no ":": what is between commas is a
    // member.
    while (!field.empty()) {
        const auto comma = field.find(',');
        std::string_view member = field.substr(0, comma);
        field = comma == std::string_view::npos ? std::string_view() : field.substr(comma + 1);
        while (!member.empty() && (member.front() == ' ' || member.front() == '\t'))
            member.remove_prefix(1);
        if (!member.starts_with(name))
            continue;
        member.remove_prefix(name.size());
        if (!member.starts_with("=:"))
            continue;
        member.remove_prefix(2);
        const auto end = member.find(':');
        found = end == std::string_view::npos ? std::nullopt : decode(member.substr(0, end), length);
    }
    return found;
}

constexpr std::size_t kSha512Bytes = 64;

} // namespace

std::optional<Sha256> sha256Of(std::string_view field)
{
    Sha256 digest{};
    const auto bytes = memberOf(field, "sha-256", digest.size());
    if (!bytes)
        return std::nullopt;
    std::copy(bytes->begin(), bytes->end(), digest.begin());
    return digest;
}

std::optional<ContentDigest> contentDigestOf(std::string_view field)
{
    if (auto bytes = memberOf(field, "sha-512", kSha512Bytes))
        return ContentDigest{DigestKind::Sha2_512, std::move(*bytes)};
    if (auto bytes = memberOf(field, "sha-256", Sha256{}.size()))
        return ContentDigest{DigestKind::Sha2_256, std::move(*bytes)};
    return std::nullopt;
}

struct Hasher::State
{
    explicit State(DigestKind of)
        : kind(of),
          good(context && EVP_DigestInit_ex(context, of == DigestKind::Sha2_512 ? EVP_sha512() : EVP_sha256(),
                                            nullptr) == 1)
    {
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { EVP_MD_CTX_free(context); }

    const DigestKind kind;
    EVP_MD_CTX* const context = EVP_MD_CTX_new();
    bool good;
};

Hasher::Hasher(DigestKind kind) : state_(std::make_unique<State>(kind)) {}
Hasher::~Hasher() = default;

void Hasher::add(std::string_view bytes)
{
    state_->good = state_->good && EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1;
}

Result<ContentDigest> Hasher::finishContent()
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    if (!state_->good || EVP_DigestFinal_ex(state_->context, digest.data(), &length) != 1)
        return fail(ErrorCode::Internal, "the crypto library has no such digest");
    return ContentDigest{state_->kind, std::string(reinterpret_cast<const char*>(digest.data()), length)};
}

Result<Sha256> Hasher::finish()
{
    Sha256 digest{};
    auto made = finishContent();
    if (!made)
        return fail(made.error());
    if (made->bytes.size() != digest.size())
        return fail(ErrorCode::Internal, "this digest is no SHA-256");
    std::copy(made->bytes.begin(), made->bytes.end(), digest.begin());
    return digest;
}

std::string hexText(const Sha256& digest)
{
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t byte : digest) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

} // namespace spillway::get
