// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/receiptrepository.h"

#include "server/catalog/linkrepository.h"

#include <limits>

namespace spillway::catalog {

namespace {

/// Old receipts are looked for at every so many new ones, and no more than so many at a time.
constexpr std::int64_t trimEvery = 100;
constexpr std::int64_t trimAtOnce = 400;

Receipt fromRow(const Statement& row)
{
    Receipt receipt;
    receipt.id = row.integer(0);
    receipt.link = row.text(1);
    receipt.recipient = row.text(2);
    receipt.startedAt = row.integer(3);
    receipt.lastAt = row.integer(4);
    receipt.finishedAt = row.optionalInteger(5);
    return receipt;
}

Error gone(std::int64_t id)
{
    return {ErrorCode::NotFound, "receipt " + std::to_string(id) + " is not there (any more)", 0};
}

Result<void> trim(Session& session, std::string_view link, std::int64_t now,
                  const policy::RecipientLife& life)
{
    Statement old = session.prepare(
        "DELETE FROM receipts WHERE id IN (SELECT id FROM receipts WHERE link = ? AND id <= (SELECT id FROM "
        "receipts WHERE link = ? ORDER BY id DESC LIMIT 1 OFFSET ?) ORDER BY id LIMIT ?) "
        "AND (last_at <= ? OR finished_at <= ?)");
    old.bindText(link).bindText(link).bind(ReceiptRepository::kKeptPerLink).bind(trimAtOnce);
    old.bind(now - std::int64_t{life.idle.count()}).bind(now - std::int64_t{life.done.count()});
    if (auto ran = old.run(); !ran)
        return fail(ran.error());
    return {};
}

/// What is known of the file, joined with what is new. `anew`: it is another file than before.
Result<policy::RangeUnion> joined(Session& session, std::int64_t receipt, const ReceiptFile& file, bool& anew)
{
    Statement select =
        session.prepare("SELECT etag, size, ranges FROM receipt_files WHERE receipt = ? AND path = ?");
    select.bind(receipt).bindBlob(file.path);
    auto found = select.next();
    if (!found)
        return fail(found.error());
    if (!*found)
        return file.arrived;
    if (select.text(0) != file.entityTag || select.integer(1) != file.size) {
        anew = true;
        return file.arrived;
    }
    auto known = policy::RangeUnion::decode(select.blob(2));
    if (!known)
        return file.arrived;
    (void)known->add(file.arrived); // too little is fine
    return std::move(*known);
}

} // namespace

Result<std::optional<Receipt>> ReceiptRepository::lasting(Session& session, std::string_view link,
                                                          std::string_view recipient, std::int64_t now,
                                                          const policy::RecipientLife& life)
{
    Statement select = session.prepare("SELECT id, link, recipient, started_at, last_at, finished_at FROM "
                                       "receipts WHERE link = ? AND recipient = ? ORDER BY id DESC LIMIT 1");
    select.bindText(link).bindText(recipient);
    auto found = select.next();
    if (!found)
        return fail(found.error());
    if (!*found)
        return std::nullopt;
    Receipt receipt = fromRow(select);
    if (!life.lasts(receipt.lastAt, receipt.finishedAt, now))
        return std::nullopt;
    return receipt;
}

Result<ReceiptRepository::Taken> ReceiptRepository::take(Session& session, std::string_view link,
                                                         std::string_view recipient, std::int64_t now,
                                                         const policy::RecipientLife& life, bool beyond)
{
    auto known = lasting(session, link, recipient, now, life);
    if (!known)
        return fail(known.error());
    if (*known) {
        if ((*known)->lastAt < now) {
            Statement touch = session.prepare("UPDATE receipts SET last_at = ? WHERE id = ?");
            touch.bind(now).bind((*known)->id);
            if (auto ran = touch.run(); !ran)
                return fail(ran.error());
            (*known)->lastAt = now;
        }
        return Taken{Taken::How::Known, std::move(**known)};
    }
    auto record = LinkRepository::find(session, link);
    if (!record)
        return fail(record.error());
    if (!*record)
        return fail(ErrorCode::NotFound, "link " + std::string(link) + " is not there (any more)");
    if (!beyond && (*record)->revokedAt)
        return Taken{Taken::How::Revoked, {}};
    if (!beyond && (*record)->maxDownloads && (*record)->downloads >= *(*record)->maxDownloads)
        return Taken{Taken::How::UsedUp, {}};
    if (auto counted = LinkRepository::addDownloads(session, link, 1, beyond); !counted)
        return fail(counted.error());
    Receipt receipt;
    receipt.link = link;
    receipt.recipient = recipient;
    receipt.startedAt = receipt.lastAt = now;
    Statement add = session.prepare(
        "INSERT INTO receipts (link, recipient, started_at, last_at, finished_at) VALUES (?, ?, ?, ?, NULL)");
    add.bindText(link).bindText(recipient).bind(now).bind(now);
    if (auto ran = add.run(); !ran)
        return fail(ran.error());
    receipt.id = add.insertedId();
    if (receipt.id % trimEvery == 0) {
        if (auto trimmed = trim(session, link, now, life); !trimmed)
            return fail(trimmed.error());
    }
    return Taken{Taken::How::Counted, std::move(receipt)};
}

Result<ReceiptRepository::Saved> ReceiptRepository::save(Session& session, const Change& change)
{
    Statement select = session.prepare("SELECT finished_at FROM receipts WHERE id = ?");
    select.bind(change.id);
    auto found = select.next();
    if (!found)
        return fail(found.error());
    if (!*found)
        return fail(gone(change.id));
    Saved saved;
    saved.finishedAt = select.optionalInteger(0);
    for (const ReceiptFile& file : change.files) {
        bool anew = false;
        auto arrived = joined(session, change.id, file, anew);
        if (!arrived)
            return fail(arrived.error());
        Statement put = session.prepare(
            "INSERT INTO receipt_files (receipt, path, etag, size, ranges) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (receipt, path) DO UPDATE SET etag = excluded.etag, size = excluded.size, "
            "ranges = excluded.ranges");
        put.bind(change.id).bindBlob(file.path).bindText(file.entityTag).bind(file.size);
        put.bindBlob(arrived->encode());
        if (auto ran = put.run(); !ran)
            return fail(ran.error());
        const bool complete = arrived->coversAll(static_cast<std::uint64_t>(file.size));
        saved.complete.push_back(complete);
        if (change.isFolder)
            continue;
        if (!complete && anew)
            saved.finishedAt.reset();
        else if (complete && (anew || !saved.finishedAt))
            saved.finishedAt = change.lastAt;
    }
    Statement update =
        session.prepare("UPDATE receipts SET last_at = max(last_at, ?), finished_at = ? WHERE id = ?");
    update.bind(change.lastAt).bind(saved.finishedAt).bind(change.id);
    if (auto ran = update.run(); !ran)
        return fail(ran.error());
    return saved;
}

Result<std::vector<Receipt>> ReceiptRepository::list(Session& session, std::string_view link,
                                                     std::int64_t after, std::int64_t limit)
{
    Statement rows = session.prepare("SELECT id, link, recipient, started_at, last_at, finished_at FROM "
                                     "receipts WHERE link = ? AND id < ? ORDER BY id DESC LIMIT ?");
    rows.bindText(link).bind(after > 0 ? after : std::numeric_limits<std::int64_t>::max()).bind(limit);
    std::vector<Receipt> receipts;
    for (;;) {
        auto more = rows.next();
        if (!more)
            return fail(more.error());
        if (!*more)
            break;
        receipts.push_back(fromRow(rows));
    }
    for (Receipt& receipt : receipts) {
        Statement files = session.prepare(
            "SELECT path, etag, size, ranges FROM receipt_files WHERE receipt = ? ORDER BY path");
        files.bind(receipt.id);
        for (;;) {
            auto more = files.next();
            if (!more)
                return fail(more.error());
            if (!*more)
                break;
            ReceiptFile file{files.blob(0), files.text(1), files.integer(2), {}};
            if (auto arrived = policy::RangeUnion::decode(files.blob(3)))
                file.arrived = std::move(*arrived);
            receipt.files.push_back(std::move(file));
        }
    }
    return receipts;
}

} // namespace spillway::catalog
