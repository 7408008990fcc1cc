// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>

namespace spillway::net {

/// One key of session tickets (RFC 5077 §4): the name that stands in the ticket, and secrets for AES-256-CBC
/// and HMAC-SHA256.
struct TicketKey
{
    std::array<unsigned char, 16> name{};
    std::array<unsigned char, 32> cipher{}, mac{};
    ~TicketKey(); ///< wipes the secrets
};

/// The keys of all workers' session tickets, so that a client resumes on whichever worker it meets. Made of
/// random bytes in memory only, never written: a restart ends all tickets.
///
/// A key makes tickets for kRotation and opens them for as long again; who holds a memory image later cannot
/// open older TLS 1.2 sessions. Any thread; a short lock for each handshake.
class TicketKeys
{
public:
    static constexpr std::chrono::hours kRotation{12};

    explicit TicketKeys(const Clock& clock) : clock_(clock) {}

    /// The key for new tickets. Empty where the system has no randomness: then no ticket is made.
    [[nodiscard]] std::optional<TicketKey> current();
    struct Found
    {
        TicketKey key;
        bool old = false; ///< good still, but the client should get a new ticket
    };
    [[nodiscard]] std::optional<Found> find(const unsigned char* name);

private:
    void rotate();

    const Clock& clock_;
    std::mutex mutex_; ///< guards everything below
    std::optional<TicketKey> current_, previous_;
    Monotonic madeAt_{};
};

} // namespace spillway::net
