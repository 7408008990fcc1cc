// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/signingkeys.h"

#include "server/catalog/keyrepository.h"

namespace spillway::engine {

using catalog::KeyRepository;

Result<std::string> currentKeyId(catalog::Session& session, std::int64_t now, bool& made)
{
    auto current = KeyRepository::current(session);
    if (!current)
        return fail(current.error());
    if (*current) {
        auth::wipe(**current);
        return (*current)->id;
    }
    auto keys = KeyRepository::list(session);
    if (!keys)
        return fail(keys.error());
    for (catalog::SigningKey& key : *keys)
        auth::wipe(key);
    auto key = auth::generateKey(*keys, now);
    if (!key)
        return fail(key.error());
    auto stored = KeyRepository::rotate(session, *key);
    auth::wipe(*key);
    if (!stored)
        return fail(stored.error());
    auth::wipe(*stored);
    made = true;
    return stored->id;
}

Result<std::shared_ptr<const auth::KeyRing>> keyRing(catalog::Catalog& catalog)
{
    auto keys = catalog.read([](catalog::Session& session) { return KeyRepository::list(session); }).get();
    if (!keys)
        return fail(keys.error());
    auto ring = auth::KeyRing::make(*keys);
    for (catalog::SigningKey& key : *keys)
        auth::wipe(key);
    return ring;
}

} // namespace spillway::engine
