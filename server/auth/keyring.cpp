// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/keyring.h"

#include "server/base/base64chars.h"

#include <algorithm>
#include <cerrno>
#include <sodium/utils.h>
#include <sys/random.h>

namespace spillway::auth {

namespace {

bool fillRandom(std::span<char> out)
{
    while (!out.empty()) {
        const ssize_t got = getrandom(out.data(), out.size(), 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        out = out.subspan(static_cast<std::size_t>(got));
    }
    return true;
}

} // namespace

bool isKeyId(std::string_view id)
{
    return !id.empty() && id.size() <= kMaxKeyIdSize &&
           std::all_of(id.begin(), id.end(), isBase64UrlCharacter);
}

Result<std::shared_ptr<const KeyRing>> KeyRing::make(const std::vector<catalog::SigningKey>& records)
{
    auto ring = std::make_shared<KeyRing>();
    for (const catalog::SigningKey& record : records) {
        if (record.retiredAt)
            continue;
        if (!isKeyId(record.id))
            return fail(ErrorCode::InvalidArgument,
                        "a signing key has an id that is not 1 to 16 of A-Z a-z 0-9 _ -");
        if (record.secret.size() < kMinSecretSize)
            return fail(ErrorCode::InvalidArgument, "signing key " + record.id +
                                                        " has a secret of fewer than " +
                                                        std::to_string(kMinSecretSize) + " bytes");
        if (ring->find(record.id))
            return fail(ErrorCode::InvalidArgument, "there are two signing keys with the id " + record.id);
        if (record.current && ring->current_)
            return fail(ErrorCode::InvalidArgument, "two signing keys are marked as the current one: " +
                                                        std::string(ring->current_->id()) + " and " +
                                                        record.id);
        ring->keys_.push_back(std::make_unique<const PreparedKey>(record.id, record.secret));
        if (record.current)
            ring->current_ = ring->keys_.back().get();
    }
    return std::shared_ptr<const KeyRing>(std::move(ring));
}

const PreparedKey* KeyRing::find(std::string_view id) const
{
    for (const auto& key : keys_)
        if (key->id() == id)
            return key.get();
    return nullptr;
}

Result<catalog::SigningKey> generateKey(const std::vector<catalog::SigningKey>& taken, std::int64_t nowUnix)
{
    constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    catalog::SigningKey key;
    key.createdAt = nowUnix;
    key.secret.resize(kMinSecretSize);
    key.id.resize(6);
    do {
        if (!fillRandom(key.secret) || !fillRandom(key.id)) {
            const int number = errno;
            wipe(key);
            return fail(osError("cannot get random bytes for a signing key", number));
        }
        for (char& c : key.id)
            c = alphabet[static_cast<std::uint8_t>(c) % alphabet.size()];
    } while (std::any_of(taken.begin(), taken.end(), [&](const auto& other) { return other.id == key.id; }));
    return key;
}

void wipe(catalog::SigningKey& key)
{
    wipe(key.secret);
}

void wipe(std::string& secret)
{
    sodium_memzero(secret.data(), secret.size());
    secret.clear();
}

} // namespace spillway::auth
