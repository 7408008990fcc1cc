// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/hmackey.h"
#include "server/base/result.h"
#include "server/catalog/records.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::auth {

inline constexpr std::size_t kMinSecretSize = 32; ///< bytes; also what generateKey makes
inline constexpr std::size_t kMaxKeyIdSize = 16;

/// A key ready for use: its id and its hashed secret. Immutable; any thread.
class PreparedKey
{
public:
    PreparedKey(std::string id, std::string_view secret) : id_(std::move(id)), hmac_(secret) {}
    [[nodiscard]] std::string_view id() const { return id_; }
    [[nodiscard]] const HmacKey& hmac() const { return hmac_; }

private:
    std::string id_;
    HmacKey hmac_;
};

/// The keys that sign and verify, as an immutable snapshot: the catalog's owner makes a new one on each
/// change and hands it out as shared_ptr<const KeyRing>. Any thread may read.
///
/// A retired key (retiredAt set) is not in it: it neither signs nor verifies. Secrets are wiped with the
/// ring, and the caller wipes the records (wipe()). Lookup walks the list: a ring has a handful of keys.
class KeyRing
{
public:
    /// InvalidArgument for a bad or repeated id or a short secret (the text names the id, never the secret),
    /// and for more than one current key. No current key at all is allowed: old links still verify, new ones
    /// cannot be made.
    [[nodiscard]] static Result<std::shared_ptr<const KeyRing>>
    make(const std::vector<catalog::SigningKey>& records);

    KeyRing() = default;                                                  ///< empty: nothing verifies
    [[nodiscard]] const PreparedKey* current() const { return current_; } ///< null where none signs
    [[nodiscard]] const PreparedKey* find(std::string_view id) const;     ///< null: unknown or retired
    [[nodiscard]] std::size_t size() const { return keys_.size(); }

private:
    std::vector<std::unique_ptr<const PreparedKey>> keys_;
    const PreparedKey* current_ = nullptr;
};

/// 1 to 16 of [A-Za-z0-9_-].
[[nodiscard]] bool isKeyId(std::string_view id);

/// A new key: 32 bytes of getrandom(2) and a random id of 6 characters [a-z2-7] that is not in `taken`.
/// `current` is left false: who stores it decides.
[[nodiscard]] Result<catalog::SigningKey> generateKey(const std::vector<catalog::SigningKey>& taken,
                                                      std::int64_t nowUnix);

/// Overwrites the secret in memory, then empties it.
void wipe(catalog::SigningKey& key);
void wipe(std::string& secret);

} // namespace spillway::auth
