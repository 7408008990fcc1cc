// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/zipplan.h"

#include "server/body/directory.h"
#include "server/http/utf8.h"

#include <algorithm>
#include <array>
#include <limits>
#include <openssl/evp.h>

namespace spillway::body {

namespace {

/// Of an entry: itself, its checksum, its part of the blocks.
constexpr std::size_t kEntryBytes = 48 + 8 + 1;

struct FreeContext
{
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

} // namespace

ZipFacts zipFactsOf(const FileFacts& facts)
{
    ZipFacts kept;
    kept.isFolder = facts.kind == FileKind::Folder;
    kept.modified = lastModifiedSeconds(facts);
    kept.mode = facts.mode & 0777U;
    if (kept.isFolder)
        return kept;
    kept.size = facts.size;
    kept.version = versionOf(facts);
    kept.changed = facts.ctimeNs;
    return kept;
}

ZipRecord ZipPlan::record(std::size_t entry) const
{
    const Entry& e = entries_[entry];
    ZipRecord record;
    record.name = std::string_view(names_).substr(e.nameAt, e.nameLength);
    record.size = e.size;
    record.modified = e.modified;
    record.mode = e.bits & 0777U;
    record.isFolder = (e.bits & kFolder) != 0;
    record.isUtf8 = (e.bits & kUtf8) != 0;
    return record;
}

std::string ZipPlan::pathInShare(std::size_t entry) const
{
    std::string_view name = record(entry).name;
    if (name.ends_with('/'))
        name.remove_suffix(1);
    return joinPath(folder_, name);
}

std::unordered_map<std::string_view, std::size_t> ZipPlan::filesByPath() const
{
    std::unordered_map<std::string_view, std::size_t> files;
    files.reserve(entries_.size());
    for (std::size_t i = 0; i < entries_.size(); ++i)
        if ((entries_[i].bits & kFolder) == 0)
            files.emplace(record(i).name, i);
    return files;
}

ZipPiece ZipPlan::pieceAt(std::uint64_t offset) const
{
    const std::uint64_t endAt = directoryAt_ + directoryLength_;
    if (offset >= endAt)
        return {ZipPiece::Kind::End, 0, endAt, length_ - endAt};
    if (offset >= directoryAt_) {
        const auto next = std::upper_bound(blocks_.begin(), blocks_.end(), offset);
        const std::uint64_t end = next == blocks_.end() ? endAt : *next;
        const auto block = static_cast<std::size_t>(next - blocks_.begin()) - 1;
        return {ZipPiece::Kind::Directory, block, blocks_[block], end - blocks_[block]};
    }
    const auto next =
        std::upper_bound(entries_.begin(), entries_.end(), offset,
                         [](std::uint64_t value, const Entry& entry) { return value < entry.offset; });
    const auto entry = static_cast<std::size_t>(next - entries_.begin()) - 1;
    const ZipRecord of = record(entry);
    std::uint64_t at = entries_[entry].offset;
    if (const std::uint64_t local = zipLocalLength(of); offset < at + local)
        return {ZipPiece::Kind::Local, entry, at, local};
    else
        at += local;
    if (offset < at + of.size)
        return {ZipPiece::Kind::Content, entry, at, of.size};
    return {ZipPiece::Kind::Descriptor, entry, at + of.size, zipDescriptorLength(of)};
}

ZipEnd ZipPlan::end() const
{
    return {entries_.size(), directoryAt_, directoryLength_, comment_};
}

void ZipPlan::append(std::string& out, const ZipPiece& piece) const
{
    const auto known = [this](std::size_t entry) { return crc(entry).value_or(0); };
    switch (piece.kind) {
    case ZipPiece::Kind::Local:
        appendZipLocal(out, record(piece.index), known(piece.index));
        break;
    case ZipPiece::Kind::Descriptor:
        appendZipDescriptor(out, record(piece.index), known(piece.index));
        break;
    case ZipPiece::Kind::Directory:
        for (std::size_t i = piece.index * kBlock, last = std::min(i + kBlock, count()); i < last; ++i)
            appendZipCentral(out, record(i), entries_[i].offset, known(i));
        break;
    case ZipPiece::Kind::End:
        appendZipEnd(out, end());
        break;
    case ZipPiece::Kind::Content:
        break;
    }
}

std::optional<std::size_t> ZipPlan::missing(const ZipPiece& piece) const
{
    std::size_t first = piece.index;
    std::size_t last = first + 1;
    switch (piece.kind) {
    case ZipPiece::Kind::Content:
    case ZipPiece::Kind::End:
        return std::nullopt;
    case ZipPiece::Kind::Local:
        if (record(first).hasDescriptor())
            return std::nullopt;
        break;
    case ZipPiece::Kind::Descriptor:
        break;
    case ZipPiece::Kind::Directory:
        first *= kBlock;
        last = std::min(first + kBlock, count());
        break;
    }
    for (; first < last; ++first)
        if (!crc(first))
            return first;
    return std::nullopt;
}

std::optional<std::size_t> ZipPlan::missingFrom(std::size_t first) const
{
    for (; first < count(); ++first)
        if (!crc(first))
            return first;
    return std::nullopt;
}

std::optional<std::uint32_t> ZipPlan::crc(std::size_t entry) const
{
    const std::uint64_t value = crcs_[entry].load(std::memory_order_relaxed);
    if ((value & kKnown) == 0)
        return std::nullopt;
    return static_cast<std::uint32_t>(value);
}

void ZipPlan::setCrc(std::size_t entry, std::uint32_t crc) const
{
    crcs_[entry].store(kKnown | crc, std::memory_order_relaxed);
}

void ZipPlan::learn(std::size_t entry, const Known& known) const
{
    FileFacts facts;
    facts.size = known.size;
    facts.mtimeNs = known.mtimeNs;
    facts.inode = known.inode;
    facts.ctimeNs = entries_[entry].changed;
    // Who writes later and sets the mtime back cannot set the ctime.
    const bool before = entries_[entry].changed / 1'000'000'000 <= known.at;
    if (before && versionOf(facts) == entries_[entry].version)
        setCrc(entry, known.crc);
}

void ZipPlan::adopt(const ZipPlan& older) const
{
    const auto files = older.filesByPath();
    for (std::size_t i = 0; i < count(); ++i) {
        if (crc(i))
            continue;
        const auto at = files.find(record(i).name);
        if (at != files.end() && older.version(at->second) == version(i))
            if (const auto known = older.crc(at->second))
                setCrc(i, *known);
    }
}

ZipPlanBuilder::ZipPlanBuilder(std::shared_ptr<ShareRoot> root, std::string folder, std::size_t mostBytes)
    : plan_(new ZipPlan),
      mostBytes_(std::min<std::size_t>(mostBytes, std::numeric_limits<std::uint32_t>::max()))
{
    plan_->root_ = std::move(root);
    plan_->folder_ = std::move(folder);
}

void ZipPlanBuilder::reserve(std::size_t entries, std::size_t pathBytes)
{
    // Twice what is there at least, or many small folders would move it each time.
    const auto room = [](auto& where, std::size_t more) {
        if (where.capacity() - where.size() < more)
            where.reserve(std::max(where.size() + more, where.empty() ? 0 : where.capacity() * 2));
    };
    if (entries * kEntryBytes + pathBytes > mostBytes_)
        return; // add() will say so
    room(plan_->entries_, entries);
    room(plan_->names_, pathBytes);
}

bool ZipPlanBuilder::add(std::string_view path, const ZipFacts& facts)
{
    ZipPlan& plan = *plan_;
    if ((plan.entries_.size() + 1) * kEntryBytes + plan.names_.size() + path.size() + 1 > mostBytes_)
        return false;
    ZipPlan::Entry entry;
    entry.nameAt = static_cast<std::uint32_t>(plan.names_.size());
    plan.names_ += path;
    if (facts.isFolder)
        plan.names_ += '/';
    entry.nameLength = static_cast<std::uint16_t>(plan.names_.size() - entry.nameAt);
    entry.size = facts.size;
    entry.modified = facts.modified;
    entry.version = facts.version;
    entry.changed = facts.changed;
    entry.bits = static_cast<std::uint16_t>(facts.mode | (facts.isFolder ? ZipPlan::kFolder : 0U) |
                                            (http::isUtf8(path) ? ZipPlan::kUtf8 : 0U));
    plan.entries_.push_back(entry);
    return true;
}

void ZipPlanBuilder::layOut()
{
    ZipPlan& plan = *plan_;
    const std::size_t count = plan.entries_.size();
    plan.crcs_ = std::make_unique<std::atomic<std::uint64_t>[]>(count);
    std::uint64_t at = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const ZipRecord record = plan.record(i);
        plan.entries_[i].offset = at;
        at += zipLocalLength(record) + record.size + zipDescriptorLength(record);
        if (record.size == 0)
            plan.setCrc(i, 0);
    }
    plan.directoryAt_ = at;
    plan.blocks_.reserve(count / ZipPlan::kBlock + 1);
    for (std::size_t i = 0; i < count; ++i) {
        if (i % ZipPlan::kBlock == 0)
            plan.blocks_.push_back(at);
        at += zipCentralLength(plan.record(i), plan.entries_[i].offset);
    }
    plan.directoryLength_ = at - plan.directoryAt_;
    if (plan.leftOut_ > 0)
        plan.comment_ = std::to_string(plan.leftOut_) +
                        " entries of this folder are not in the archive: the server cannot read them, or "
                        "they are links to folders.";
    plan.length_ = at + zipEndLength(plan.end());
}

/// Over all that the bytes depend on. The layout's version stands first: another layout is another tag.
std::string ZipPlanBuilder::tag() const
{
    const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
    const auto add = [&context](const void* bytes, std::size_t size) {
        EVP_DigestUpdate(context.get(), bytes, size);
    };
    EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
    add("zip 1", 5);
    add(plan_->comment_.data(), plan_->comment_.size());
    // Entries are 48 bytes without padding, and the names' places are part of them.
    static_assert(sizeof(ZipPlan::Entry) == 48);
    add(plan_->entries_.data(), plan_->entries_.size() * sizeof(ZipPlan::Entry));
    add(plan_->names_.data(), plan_->names_.size());
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    EVP_DigestFinal_ex(context.get(), digest.data(), &size);
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text = "\"zip-";
    for (std::size_t i = 0; i < 16; ++i) {
        text += digits[digest[i] >> 4];
        text += digits[digest[i] & 15];
    }
    return text + '"';
}

ZipPlanPtr ZipPlanBuilder::finish()
{
    ZipPlan& plan = *plan_;
    plan.names_.shrink_to_fit();
    plan.entries_.shrink_to_fit();
    layOut();
    plan.memory_ = plan.entries_.size() * kEntryBytes + plan.names_.size() + sizeof(ZipPlan);
    plan.entityTag_ = tag();
    return std::move(plan_);
}

} // namespace spillway::body
