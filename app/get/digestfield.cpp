// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/digestfield.h"

#include <openssl/evp.h>

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

/// 32 bytes are 43 digits and a "="; a missing "=" is let pass (RFC 8941 §4.2.7).
std::optional<Sha256> decode(std::string_view base64)
{
    if (base64.size() == 44 && base64.back() == '=')
        base64.remove_suffix(1);
    if (base64.size() != 43)
        return std::nullopt;
    Sha256 digest{};
    std::uint32_t bits = 0;
    unsigned count = 0;
    std::size_t at = 0;
    for (const char c : base64) {
        const int value = base64Value(c);
        if (value < 0)
            return std::nullopt;
        bits = (bits << 6 | static_cast<std::uint32_t>(value)) & 0xffffffU;
        count += 6;
        if (count >= 8 && at < digest.size()) {
            count -= 8;
            digest[at++] = static_cast<std::uint8_t>(bits >> count);
        }
    }
    return digest;
}

} // namespace

std::optional<Sha256> sha256Of(std::string_view field)
{
    constexpr std::string_view name = "sha-256";
    std::optional<Sha256> found;
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
        found = end == std::string_view::npos ? std::nullopt : decode(member.substr(0, end));
    }
    return found;
}

struct Hasher::State
{
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    bool good = context && EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1;
    ~State() { EVP_MD_CTX_free(context); }
};

Hasher::Hasher() : state_(std::make_unique<State>()) {}
Hasher::~Hasher() = default;

void Hasher::add(std::string_view bytes)
{
    state_->good = state_->good && EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1;
}

Result<Sha256> Hasher::finish()
{
    Sha256 digest{};
    unsigned length = 0;
    if (!state_->good || EVP_DigestFinal_ex(state_->context, digest.data(), &length) != 1)
        return fail(ErrorCode::Internal, "the crypto library has no SHA-256");
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
