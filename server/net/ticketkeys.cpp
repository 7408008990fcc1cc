// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/net/ticketkeys.h"

#include <algorithm>
#include <openssl/crypto.h>
#include <openssl/rand.h>

namespace spillway::net {

namespace {

std::optional<TicketKey> freshKey()
{
    TicketKey key;
    if (RAND_bytes(key.name.data(), static_cast<int>(key.name.size())) != 1 ||
        RAND_priv_bytes(key.cipher.data(), static_cast<int>(key.cipher.size())) != 1 ||
        RAND_priv_bytes(key.mac.data(), static_cast<int>(key.mac.size())) != 1)
        return std::nullopt;
    return key;
}

} // namespace

TicketKey::~TicketKey()
{
    OPENSSL_cleanse(cipher.data(), cipher.size());
    OPENSSL_cleanse(mac.data(), mac.size());
}

/// With mutex_ held.
void TicketKeys::rotate()
{
    const Monotonic now = clock_.monotonic();
    const auto age = now - madeAt_;
    if (current_ && age < kRotation)
        return;
    // After a long time without a client the key is too old even to be the previous one.
    previous_ = age < 2 * kRotation ? current_ : std::nullopt;
    current_ = freshKey();
    madeAt_ = now;
}

std::optional<TicketKey> TicketKeys::current()
{
    std::lock_guard lock(mutex_);
    rotate();
    return current_;
}

std::optional<TicketKeys::Found> TicketKeys::find(const unsigned char* name)
{
    std::lock_guard lock(mutex_);
    rotate();
    if (current_ && std::equal(current_->name.begin(), current_->name.end(), name))
        return Found{*current_, false};
    if (previous_ && std::equal(previous_->name.begin(), previous_->name.end(), name))
        return Found{*previous_, true};
    return std::nullopt;
}

} // namespace spillway::net
