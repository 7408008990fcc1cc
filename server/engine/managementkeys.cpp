// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/link.h"
#include "server/catalog/denyrepository.h"
#include "server/catalog/keyrepository.h"
#include "server/download/denydigest.h"
#include "server/engine/management.h"
#include "server/engine/signingkeys.h"

#include <algorithm>

// The part of Management about signing keys and denied URLs.
namespace spillway::engine {

using catalog::KeyRepository;
using catalog::Session;

namespace {

KeyInfo infoOf(catalog::SigningKey& key)
{
    auth::wipe(key);
    return {key.id, key.createdAt, key.retiredAt, key.current};
}

Error noKey(const std::string& id)
{
    return {ErrorCode::NotFound, "there is no key \"" + id + "\"; spillway key list shows them", 0};
}

std::string hex(std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        text += digits[static_cast<std::uint8_t>(c) >> 4];
        text += digits[static_cast<std::uint8_t>(c) & 15];
    }
    return text;
}

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = static_cast<char>(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::optional<std::string> percentDecoded(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        if (i + 2 >= text.size() || hexValue(text[i + 1]) < 0 || hexValue(text[i + 2]) < 0)
            return std::nullopt;
        out += static_cast<char>(hexValue(text[i + 1]) * 16 + hexValue(text[i + 2]));
        i += 2;
    }
    return out;
}

} // namespace

Result<std::vector<KeyInfo>> Management::listKeys()
{
    auto keys = catalog_.read([](Session& session) { return KeyRepository::list(session); }).get();
    if (!keys)
        return fail(keys.error());
    std::vector<KeyInfo> infos;
    for (catalog::SigningKey& key : *keys)
        infos.push_back(infoOf(key));
    return infos;
}

Result<KeyInfo> Management::rotateKey()
{
    std::lock_guard lock(changes_);
    const std::int64_t now = unixSeconds(clock_.wall());
    auto rotated = catalog_
                       .write([now](Session& session) -> Result<catalog::SigningKey> {
                           auto taken = KeyRepository::list(session);
                           if (!taken)
                               return fail(taken.error());
                           for (catalog::SigningKey& key : *taken)
                               auth::wipe(key);
                           auto key = auth::generateKey(*taken, now);
                           if (!key)
                               return key;
                           auto stored = KeyRepository::rotate(session, *key);
                           auth::wipe(*key);
                           return stored;
                       })
                       .get();
    if (!rotated)
        return fail(rotated.error());
    if (auto applied = apply(); !applied)
        return fail(applied.error());
    return infoOf(*rotated);
}

Result<KeyInfo> Management::retireKey(const std::string& id)
{
    std::lock_guard lock(changes_);
    const std::int64_t now = unixSeconds(clock_.wall());
    auto retired =
        catalog_.write([&](Session& session) { return KeyRepository::retire(session, id, now); }).get();
    if (!retired) {
        if (retired.error().code == ErrorCode::NotFound)
            return fail(noKey(id));
        if (retired.error().code == ErrorCode::Conflict)
            return fail(ErrorCode::Conflict,
                        "key " + id +
                            " signs new links; make another one first (spillway key rotate), then retire it");
        return fail(retired.error());
    }
    if (auto applied = apply(); !applied)
        return fail(applied.error());
    return infoOf(*retired);
}

Result<std::string> Management::exportKey(const std::string& id)
{
    auto key = catalog_.read([&id](Session& session) { return KeyRepository::find(session, id); }).get();
    if (!key)
        return fail(key.error());
    if (!*key)
        return fail(noKey(id));
    std::string secret = hex((*key)->secret);
    auth::wipe(**key);
    if ((*key)->retiredAt)
        return fail(ErrorCode::Conflict, "key " + id + " is retired: nothing it signs is good any more");
    return secret;
}

Result<Denied> Management::denyPresigned(const std::string& url, const std::string& note,
                                         const ShareBounds& within)
{
    // A sub-path of public_url, which a proxy takes off, may stand before "/p/".
    const std::size_t start = url.find("/p/", url.find("://") == std::string::npos ? 0 : url.find("://") + 3);
    const std::size_t query = url.find('?');
    const auto path =
        start < query ? percentDecoded(std::string_view(url).substr(start, query - start)) : std::nullopt;
    auth::PresignedLink link;
    if (!path || query == std::string::npos ||
        auth::parsePresignedLink(*path, std::string_view(url).substr(query + 1), link))
        return fail(ErrorCode::InvalidArgument,
                    "this is not a presigned URL; give it whole, with its signature");
    auto keys = keyRing(catalog_);
    if (!keys)
        return fail(keys.error());
    const std::int64_t now = unixSeconds(clock_.wall());
    const auth::LinkVerdict verdict = auth::verify(link, **keys, now, config::IpAddress{});
    bool mine = !within;
    if (within) {
        const auto shares = listShares();
        if (!shares)
            return fail(shares.error());
        for (const catalog::Share& share : *shares)
            mine = mine || (share.name == link.share &&
                            std::find(within->begin(), within->end(), share.id) != within->end());
    }
    if (!mine)
        return fail(ErrorCode::NotFound, "this URL is of no share of yours");
    // Expiry and address are judged after the signature: it is one of ours.
    if (verdict == auth::LinkVerdict::UnknownKey || verdict == auth::LinkVerdict::BadSignature)
        return fail(ErrorCode::InvalidArgument, "this URL opens nothing: no key that is in use signed it");

    catalog::DenyEntry entry;
    entry.digest = download::denyDigest(link);
    if (link.expiresAt > 0)
        entry.expiresAt = link.expiresAt;
    entry.createdAt = now;
    entry.note = note;
    std::lock_guard lock(changes_);
    auto denied = catalog_
                      .write([&entry, now](Session& session) -> Result<void> {
                          if (auto old = catalog::DenyRepository::removeExpired(session, now); !old)
                              return fail(old.error());
                          return catalog::DenyRepository::add(session, entry);
                      })
                      .get();
    if (!denied)
        return fail(denied.error());
    if (auto applied = apply(); !applied)
        return fail(applied.error());
    return Denied{hex(entry.digest), entry.expiresAt};
}

} // namespace spillway::engine
