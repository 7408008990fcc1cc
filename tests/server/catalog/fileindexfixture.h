// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/catalog/index/fileindex.h"
#include "tests/server/catalog/catalogfixture.h"

#include <algorithm>

namespace spillway::catalog {

/// A share folder with files, and an index over it with short intervals. Waits are on conditions, with a
/// deadline that only a failing test reaches.
class FileIndexTest : public testing::Test
{
protected:
    static constexpr std::chrono::seconds deadline{60};

    FileIndexTest()
    {
        std::filesystem::create_directory(root_);
        options_.settle = std::chrono::milliseconds(5);
        options_.rootCheckInterval = std::chrono::milliseconds(20);
        options_.hashRate = BytesPerSecond{0};
        options_.batchRows = 500;
    }

    void start(bool dotFiles = false)
    {
        index_ = std::make_unique<FileIndex>(data_.path(), options_, clock_);
        index_->addShare({1, root_, dotFiles});
    }

    void startAndScan(bool dotFiles = false)
    {
        start(dotFiles);
        ASSERT_TRUE(waitState(IndexState::Idle));
    }

    bool waitState(IndexState state)
    {
        return index_->waitFor(
            [&](const std::vector<IndexStatus>& all) { return all.size() == 1 && all[0].state == state; },
            deadline);
    }

    std::optional<IndexEntry> look(const std::string& path, ShareId share = 1)
    {
        auto entry = index_->lookup(share, path);
        return entry ? *entry : std::nullopt;
    }

    bool waitLook(const std::string& path, const std::function<bool(const std::optional<IndexEntry>&)>& good)
    {
        return index_->waitFor([&](const std::vector<IndexStatus>&) { return good(look(path)); }, deadline);
    }
    bool waitThere(const std::string& path)
    {
        return waitLook(path, [](const auto& entry) { return entry.has_value(); });
    }
    bool waitGone(const std::string& path)
    {
        return waitLook(path, [](const auto& entry) { return !entry; });
    }
    bool waitHashed(const std::string& path)
    {
        return waitLook(path, [](const auto& entry) { return entry && entry->crc32; });
    }

    std::vector<std::string> find(const std::string& text, std::optional<ShareId> share = std::nullopt)
    {
        std::vector<std::string> paths;
        const auto found = index_->search({.share = share, .text = text, .limit = 1000});
        EXPECT_TRUE(found) << found.error().message;
        if (found) {
            for (const IndexEntry& entry : *found)
                paths.push_back(entry.path);
        }
        std::sort(paths.begin(), paths.end());
        return paths;
    }

    [[nodiscard]] std::string at(const std::string& path) const { return root_ + "/" + path; }
    void put(const std::string& path, const std::string& bytes) const { writeFile(at(path), bytes); }
    void makeFolder(const std::string& path) const { std::filesystem::create_directories(at(path)); }
    [[nodiscard]] IndexStatus status() const { return index_->status().at(0); }

    TemporaryFolder data_;
    TemporaryFolder outside_;
    const std::string root_ = outside_.file("share");
    IndexOptions options_;
    SystemClock clock_;
    std::unique_ptr<FileIndex> index_;
};

} // namespace spillway::catalog
