// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/zipnames.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <sys/stat.h>
#include <type_traits>
#include <unistd.h>
#include <utility>

namespace spillway::body {

namespace {

/// The eight bytes from `from` on as a number that sorts as they do; zeros where there are fewer.
std::uint64_t keyOf(std::string_view text, std::size_t from)
{
    const std::string_view rest = text.substr(from);
    std::uint64_t key = 0;
    for (std::size_t i = 0; i < sizeof key; ++i)
        key = key << 8 | (i < rest.size() ? static_cast<unsigned char>(rest[i]) : 0U);
    return key;
}

bool isBefore(const ZipNamePlace& a, const ZipNamePlace& b)
{
    return a.key != b.key ? a.key < b.key : a.name->text() < b.name->text();
}

std::string_view commonPrefix(std::string_view a, std::string_view b)
{
    const auto end = std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first;
    return a.substr(0, static_cast<std::size_t>(end - a.begin()));
}

/// Sorted rows, each from one end to the next, become one: two by two.
std::vector<ZipNamePlace> merged(std::vector<ZipNamePlace> rows, std::vector<std::size_t> ends)
{
    std::vector<ZipNamePlace> to(ends.size() > 2 ? rows.size() : 0);
    const auto at = [](auto& where, std::size_t i) { return where.begin() + static_cast<std::ptrdiff_t>(i); };
    while (ends.size() > 2) {
        std::vector<std::size_t> longer{0};
        for (std::size_t i = 0; i + 1 < ends.size(); i += 2) {
            const std::size_t middle = ends[i + 1];
            const std::size_t end = i + 2 < ends.size() ? ends[i + 2] : middle;
            std::merge(at(rows, ends[i]), at(rows, middle), at(rows, middle), at(rows, end), at(to, ends[i]),
                       isBefore);
            longer.push_back(end);
        }
        rows.swap(to);
        ends = std::move(longer);
    }
    return rows;
}

void look(int folder, ZipName& name)
{
    struct stat status
    {
    };
    if (::fstatat(folder, name.cText(), &status, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) != 0)
        return;
    constexpr mode_t readableByAll = 0444;
    if (S_ISLNK(status.st_mode))
        name.kind = ZipName::Kind::Symlink;
    else if (S_ISDIR(status.st_mode))
        name.kind = ZipName::Kind::Folder;
    else if (S_ISREG(status.st_mode))
        name.kind = (status.st_mode & readableByAll) == readableByAll ||
                            ::faccessat(folder, name.cText(), R_OK, AT_EACCESS) == 0
                        ? ZipName::Kind::File
                        : ZipName::Kind::Unreadable;
    name.facts = zipFactsOf(factsOf(status));
    name.isElsewhere = S_ISLNK(status.st_mode) || (S_ISREG(status.st_mode) && status.st_nlink > 1);
}

} // namespace

void ZipNameChunk::add(std::string_view name)
{
    static_assert(alignof(ZipName) <= alignof(std::uint64_t) && std::is_trivially_copyable_v<ZipName>);
    const std::size_t at = words_.size();
    words_.resize(at + wordsOf(name.size()));
    auto* const made = new (&words_[at]) ZipName;
    made->length = static_cast<std::uint16_t>(name.size());
    std::memcpy(made + 1, name.data(), name.size()); // the zero behind it is there
    ++count_;
    textBytes_ += name.size();
}

void ZipNameChunk::look(int folder)
{
    order_.reserve(count_);
    for (std::size_t at = 0; at < words_.size();) {
        auto& name = *reinterpret_cast<ZipName*>(&words_[at]);
        body::look(folder, name);
        prefix_ = order_.empty() ? name.text() : commonPrefix(prefix_, name.text());
        order_.push_back({0, &name});
        hasElsewhere_ = hasElsewhere_ || name.isElsewhere;
        at += wordsOf(name.length);
    }
    for (ZipNamePlace& place : order_)
        place.key = keyOf(place.name->text(), prefix_.size());
    std::sort(order_.begin(), order_.end(), isBefore);
}

std::size_t ZipNames::textBytes() const
{
    std::size_t bytes = 0;
    for (const auto& chunk : chunks_)
        bytes += chunk->textBytes();
    return bytes;
}

bool ZipNames::hasElsewhere() const
{
    return std::any_of(chunks_.begin(), chunks_.end(),
                       [](const auto& chunk) { return chunk->hasElsewhere(); });
}

void ZipNames::sort()
{
    std::erase_if(chunks_, [](const auto& chunk) { return chunk->size() == 0; });
    if (chunks_.empty())
        return;
    std::string_view prefix = chunks_.front()->prefix();
    std::size_t count = 0;
    for (const auto& chunk : chunks_) {
        prefix = commonPrefix(prefix, chunk->prefix());
        count += chunk->size();
    }
    order_.reserve(count);
    std::vector<std::size_t> ends{0}; // of rows that are sorted
    for (const auto& chunk : chunks_) {
        order_.insert(order_.end(), chunk->order().begin(), chunk->order().end());
        if (chunk->prefix().size() != prefix.size())
            for (std::size_t i = ends.back(); i < order_.size(); ++i)
                order_[i].key = keyOf(order_[i].name->text(), prefix.size());
        ends.push_back(order_.size());
    }
    order_ = merged(std::move(order_), std::move(ends));
}

} // namespace spillway::body
