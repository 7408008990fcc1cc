// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"

#include <functional>
#include <memory>

namespace spillway::catalog {

/// Where a pipeline asks for a record by key without caring who holds it. MetadataCache is the one in
/// process.
///
/// A Redis store stands behind the same calls so: get() sends GET on its own connection and answers from the
/// reply; a miss loads, then SETs with PX = the TTL, but only if the key's generation (INCR'd by erase, read
/// with the GET in one MULTI) is unchanged; erase() sends DEL and INCR, and publishes the key so that other
/// nodes' in-process caches drop theirs. Every answer comes through the callback because a remote store has
/// no other way; for the same reason a value is immutable and shared.
///
/// Any thread may call anything. The callback runs exactly once: before get() returns, on the calling thread,
/// where the answer is at hand, else on a thread of the store. It must be short. A value of nullptr is the
/// sure knowledge that there is no such record; an error is the lack of knowledge.
template<class Key, class Value>
class MetadataStore
{
public:
    using ValuePtr = std::shared_ptr<const Value>;
    using Callback = std::function<void(Result<ValuePtr>)>;

    /// `allowStale`: where the record cannot be loaded now, one past its time is better than none.
    struct GetOptions
    {
        bool allowStale = false;
    };

    virtual ~MetadataStore() = default;
    virtual void get(const Key& key, GetOptions options, Callback done) = 0;
    /// The record is now this one (nullptr: there is none). Beats every load under way.
    virtual void put(const Key& key, ValuePtr value) = 0;
    /// The record changed: who asks from now on gets it as it is after this call.
    virtual void erase(const Key& key) = 0;
    virtual void clear() = 0;
};

/// What a store loads from: the catalog. Same rules for the callback.
template<class Key, class Value>
class MetadataSource
{
public:
    using Callback = typename MetadataStore<Key, Value>::Callback;

    virtual ~MetadataSource() = default;
    virtual void load(const Key& key, Callback done) = 0;
};

} // namespace spillway::catalog
