// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/signedvalue.h"

#include <array>
#include <cstring>

namespace spillway::auth {

namespace {

constexpr std::size_t kHeadSize = 9; ///< version and expiry
constexpr char kVersion = 1;

/// Each ends in LF and holds no other, so no two of them begin the same bytes.
std::string_view domainOf(ValueKind kind)
{
    switch (kind) {
    case ValueKind::SignIn:
        return "spillway-value sign-in\n";
    case ValueKind::Password:
        return "spillway-value password\n";
    case ValueKind::Grant:
        return "spillway-value grant\n";
    case ValueKind::Memory:
        break;
    }
    return "spillway-value memory\n";
}

} // namespace

std::string ValueSigner::sign(ValueKind kind, std::string_view payload, std::int64_t expiresAt) const
{
    if (payload.size() > kMaxPayload)
        return {};
    std::string bytes(1, kVersion);
    for (int shift = 56; shift >= 0; shift -= 8)
        bytes += static_cast<char>(static_cast<std::uint64_t>(expiresAt) >> shift);
    bytes += payload;
    const std::array<std::string_view, 2> parts{domainOf(kind), bytes};
    const Mac mac = key_.sign(parts);
    bytes.append(reinterpret_cast<const char*>(mac.data()), mac.size());
    return encodeBase64Url(bytes);
}

std::optional<std::string> ValueSigner::open(ValueKind kind, std::string_view text, std::int64_t now) const
{
    constexpr std::size_t least = kHeadSize + std::tuple_size_v<Mac>;
    std::string bytes;
    if (text.size() > (least + kMaxPayload) * 4 / 3 + 1 || !decodeBase64Url(text, bytes) ||
        bytes.size() < least || bytes.front() != kVersion)
        return std::nullopt;
    const std::string_view covered = std::string_view(bytes).substr(0, bytes.size() - std::tuple_size_v<Mac>);
    Mac mac;
    std::memcpy(mac.data(), bytes.data() + covered.size(), mac.size());
    const std::array<std::string_view, 2> parts{domainOf(kind), covered};
    if (!key_.verify(parts, mac))
        return std::nullopt;
    std::uint64_t expiry = 0;
    for (std::size_t i = 1; i < kHeadSize; ++i)
        expiry = expiry << 8 | static_cast<std::uint8_t>(bytes[i]);
    if (now >= static_cast<std::int64_t>(expiry))
        return std::nullopt;
    return std::string(covered.substr(kHeadSize));
}

Mac ValueSigner::digest(std::string_view domain, std::string_view text) const
{
    // The length makes it one-to-one, wherever the border between the two is.
    const std::string length = std::to_string(domain.size()) + ":";
    const std::array<std::string_view, 4> parts{domainOf(ValueKind::Memory), length, domain, text};
    return key_.sign(parts);
}

std::uint64_t ValueSigner::fingerprint(std::string_view domain, std::string_view text) const
{
    const Mac mac = digest(domain, text);
    std::uint64_t number = 0;
    std::memcpy(&number, mac.data(), sizeof number);
    return number;
}

} // namespace spillway::auth
