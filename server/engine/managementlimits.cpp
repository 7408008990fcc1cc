// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/limitrepository.h"
#include "server/catalog/linkrepository.h"
#include "server/catalog/sharerepository.h"
#include "server/catalog/tokenrepository.h"
#include "server/config/cidr.h"
#include "server/engine/limitinfo.h"
#include "server/engine/management.h"

// The part of Management about limits.
namespace spillway::engine {

using catalog::Limit;
using catalog::LimitRepository;
using catalog::Session;
using policy::LimitLevel;

namespace {

constexpr std::uint8_t kHousehold = 64; ///< an IPv6 client is its /64

tl::unexpected<Error> noSubject(LimitLevel level, const std::string& id)
{
    return fail(ErrorCode::NotFound,
                "there is no " + std::string(policy::limitLevelName(level)) + " \"" + id + "\"");
}

Result<std::string> addressSubject(const std::string& id)
{
    auto block = config::parseCidr(id);
    if (!block)
        return fail(block.error());
    if (!block->network.isV4() && block->prefix > kHousehold) {
        std::fill(block->network.bytes.begin() + kHousehold / 8, block->network.bytes.end(), std::uint8_t{0});
        block->prefix = kHousehold;
    }
    return config::formatCidr(*block);
}

/// How the catalog names what people call `id`: a share may get another name, its number stays.
Result<std::string> subjectOf(Session& session, LimitLevel level, const std::string& id)
{
    if (id.empty())
        return std::string();
    switch (level) {
    case LimitLevel::Server:
    case LimitLevel::Connection:
        return fail(ErrorCode::InvalidArgument, "the level " + std::string(policy::limitLevelName(level)) +
                                                    " has one limit for all and takes no ID");
    case LimitLevel::Share: {
        auto share = catalog::ShareRepository::findByName(session, id);
        if (!share)
            return fail(share.error());
        return *share ? Result<std::string>(std::to_string((*share)->id)) : noSubject(level, id);
    }
    case LimitLevel::Token: {
        auto token = catalog::TokenRepository::find(session, id);
        if (!token)
            return fail(token.error());
        return *token ? Result<std::string>(id) : noSubject(level, id);
    }
    case LimitLevel::Link: {
        auto link = catalog::LinkRepository::find(session, id);
        if (!link)
            return fail(link.error());
        return *link ? Result<std::string>(id) : noSubject(level, id);
    }
    case LimitLevel::Ip:
        return addressSubject(id);
    }
    return noSubject(level, id);
}

Result<Limit> rowOf(Session& session, LimitLevel level, const std::string& id)
{
    auto subject = subjectOf(session, level, id);
    if (!subject)
        return fail(subject.error());
    return LimitRepository::find(session, level, *subject);
}

/// `id`: as it was asked for.
LimitInfo infoOf(Limit row, const std::string& id)
{
    return {row.level, row.level == LimitLevel::Share ? id : std::move(row.subject), row.fields};
}

Result<std::string> idOf(Session& session, const Limit& row)
{
    if (row.level != LimitLevel::Share || row.subject.empty())
        return row.subject;
    auto share = catalog::ShareRepository::find(session, std::stoll(row.subject));
    if (!share)
        return fail(share.error());
    return *share ? (*share)->name : row.subject;
}

/// A connection carries one download at a time (RFC 9112 §9.3): nothing to count.
Result<void> checkFields(LimitLevel level, const policy::LimitFields& fields)
{
    if (level == LimitLevel::Connection &&
        (fields.connections || fields.downloads || fields.queue || fields.wait))
        return fail(ErrorCode::InvalidArgument,
                    "a connection has one download at a time: connections, downloads, queue and wait are for "
                    "the other levels");
    return {};
}

} // namespace

Result<std::vector<LimitInfo>> Management::listLimits()
{
    return catalog_
        .read([](Session& session) -> Result<std::vector<LimitInfo>> {
            auto rows = LimitRepository::list(session);
            if (!rows)
                return fail(rows.error());
            std::vector<LimitInfo> limits;
            for (const Limit& row : *rows) {
                auto id = idOf(session, row);
                if (!id)
                    return fail(id.error());
                limits.push_back({row.level, std::move(*id), row.fields});
            }
            return limits;
        })
        .get();
}

Result<LimitInfo> Management::showLimit(LimitLevel level, const std::string& id)
{
    return catalog_
        .read([&](Session& session) -> Result<LimitInfo> {
            auto row = rowOf(session, level, id);
            if (!row)
                return fail(row.error());
            return infoOf(std::move(*row), id);
        })
        .get();
}

Result<LimitInfo> Management::setLimit(LimitLevel level, const std::string& id,
                                       const std::vector<LimitChange>& changes)
{
    std::lock_guard lock(changes_);
    auto set = catalog_
                   .write([&](Session& session) -> Result<LimitInfo> {
                       auto row = rowOf(session, level, id);
                       if (!row)
                           return fail(row.error());
                       for (const LimitChange& change : changes)
                           if (auto changed = changeLimit(row->fields, change); !changed)
                               return fail(changed.error());
                       if (auto fits = checkFields(level, row->fields); !fits)
                           return fail(fits.error());
                       if (auto saved = LimitRepository::set(session, *row); !saved)
                           return fail(saved.error());
                       return infoOf(std::move(*row), id);
                   })
                   .get();
    if (!set)
        return set;
    if (auto applied = apply(); !applied)
        return fail(applied.error());
    return set;
}

} // namespace spillway::engine
