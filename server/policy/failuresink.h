// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

namespace spillway::policy {

/// What somebody tried that only a guesser tries. A link or token that has expired, is used up or was revoked
/// is none of it.
enum class FailureKind : std::uint8_t
{
    Token,
    Password,
    Signature
};

/// Where wrong credentials are reported, for bans. Any worker's thread; must be quick and must not block.
class FailureSink
{
public:
    virtual ~FailureSink() = default;
    /// `client`: as net::PeerAddress has it (IPv4 mapped). `what` names the guess: the same bad URL, token or
    /// password has the same number, so that it counts once; it is keyed, so nobody can make two guesses
    /// alike.
    virtual void failed(const std::array<std::uint8_t, 16>& client, FailureKind kind, std::uint64_t what) = 0;
};

} // namespace spillway::policy
