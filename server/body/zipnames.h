// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/body/zipplan.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace spillway::body {

/// A name of a folder, and what stands behind it. Its text follows it in memory, with a zero at its end.
struct ZipName
{
    enum class Kind : std::uint8_t
    {
        Nothing, ///< gone meanwhile, or what no archive holds
        File,
        Unreadable, ///< a file
        Folder,
        Symlink,
    };
    ZipFacts facts; ///< of a file or folder
    Kind kind = Kind::Nothing;
    bool isElsewhere = false; ///< what it leads to may change where nobody looks: a symlink, a second name
    std::uint16_t length = 0; ///< of the text, bytes

    [[nodiscard]] const char* cText() const { return reinterpret_cast<const char*>(this + 1); }
    [[nodiscard]] std::string_view text() const { return {cText(), length}; }
};

/// A name in a sorted row.
struct ZipNamePlace
{
    std::uint64_t key = 0; ///< eight bytes behind what all in the row begin with
    const ZipName* name = nullptr;
};

/// Names of a folder as they were read. Of one thread at a time: first of the one that reads the folder, then
/// of whoever looks at it. Nothing in it moves once it is looked at.
class ZipNameChunk
{
public:
    /// `bytes` are those of the names as the kernel gave them: so much room that it seldom grows.
    explicit ZipNameChunk(std::size_t bytes) { words_.reserve(2 * bytes / sizeof(std::uint64_t)); }
    void add(std::string_view name);
    /// Asks the file system about all of them, and sorts them. Blocks.
    void look(int folder);

    [[nodiscard]] std::size_t size() const { return count_; }
    [[nodiscard]] std::size_t textBytes() const { return textBytes_; }
    /// What is good after look().
    [[nodiscard]] const std::vector<ZipNamePlace>& order() const { return order_; }
    [[nodiscard]] std::string_view prefix() const { return prefix_; } ///< of all of them
    [[nodiscard]] bool hasElsewhere() const { return hasElsewhere_; }

private:
    [[nodiscard]] static std::size_t wordsOf(std::size_t length)
    {
        return (sizeof(ZipName) + length + 1 + sizeof(std::uint64_t) - 1) / sizeof(std::uint64_t);
    }

    std::vector<std::uint64_t> words_; ///< ZipName, text, ZipName, text …
    std::size_t count_ = 0, textBytes_ = 0;
    std::vector<ZipNamePlace> order_;
    std::string_view prefix_;
    bool hasElsewhere_ = false;
};

/// A folder's names, sorted by bytes:
///
///     order_:  [key ·] [key ·] [key ·] …                                     merged of the chunks' orders
///                   └────┐
///     chunks_: [name facts text, name facts text …] [name facts text …]      as they were read
///
/// A hundred thousand of them are sorted, and then gone through, while somebody waits: so all about a name is
/// in one place, most comparisons need only the key, and chunks are sorted by the threads that look at them.
class ZipNames
{
public:
    [[nodiscard]] ZipNameChunk& addChunk(std::size_t bytes)
    {
        return *chunks_.emplace_back(std::make_unique<ZipNameChunk>(bytes));
    }
    /// When all chunks have been looked at.
    void sort();

    [[nodiscard]] std::size_t size() const { return order_.size(); }
    [[nodiscard]] std::size_t textBytes() const;
    [[nodiscard]] bool hasElsewhere() const;
    /// Has the memory of those that come next fetched meanwhile.
    [[nodiscard]] const ZipName& operator[](std::size_t i) const
    {
        constexpr std::size_t ahead = 8;
        if (i + ahead < order_.size())
            __builtin_prefetch(order_[i + ahead].name);
        return *order_[i].name;
    }

private:
    std::vector<std::unique_ptr<ZipNameChunk>> chunks_;
    std::vector<ZipNamePlace> order_;
};

} // namespace spillway::body
