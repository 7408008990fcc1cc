// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/catalog/catalog.h"
#include "server/catalog/datafolder.h"
#include "server/catalog/keyrepository.h"
#include "server/catalog/linkrepository.h"
#include "server/catalog/sharerepository.h"

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

namespace spillway::catalog {

/// A folder that goes with the test.
class TemporaryFolder
{
public:
    TemporaryFolder()
    {
        std::string pattern = (std::filesystem::temp_directory_path() / "spillway-test-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~TemporaryFolder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

private:
    std::string path_;
};

inline std::string readFile(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

inline void writeFile(const std::string& path, const std::string& bytes)
{
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

/// A clock that a test sets; any thread may read it meanwhile.
class ManualClock final : public Clock
{
public:
    [[nodiscard]] Monotonic monotonic() const override
    {
        return Monotonic(std::chrono::nanoseconds(now_.load()));
    }
    [[nodiscard]] WallTime wall() const override { return WallTime(std::chrono::nanoseconds(now_.load())); }
    void advance(std::chrono::nanoseconds step) { now_.fetch_add(step.count()); }

private:
    std::atomic<std::int64_t> now_{1'700'000'000'000'000'000};
};

inline Share someShare(const std::string& name = "music")
{
    Share share;
    share.name = name;
    share.path = "/srv/" + name;
    share.createdAt = 1000;
    return share;
}

inline SigningKey someKey(const std::string& id = "k1", bool current = true)
{
    return {id, std::string(32, 's'), 1000, std::nullopt, current};
}

/// An id of 16 characters from a number.
inline std::string linkId(int number)
{
    std::string digits = std::to_string(number);
    return std::string(16 - digits.size(), 'A') + digits;
}

inline Link someLink(int number, ShareId share)
{
    Link link;
    link.id = linkId(number);
    link.share = share;
    link.path = "a/b.txt";
    link.name = "b.txt";
    link.keyId = "k1";
    link.createdAt = 1000 + number;
    return link;
}

/// An open catalog in a folder of its own, with one share and one current key.
class CatalogTest : public testing::Test
{
protected:
    void SetUp() override
    {
        open();
        auto made = catalog_->write([](Session& session) -> Result<Share> {
            if (auto key = KeyRepository::insert(session, someKey()); !key)
                return fail(key.error());
            return ShareRepository::add(session, someShare());
        });
        const auto share = made.get();
        ASSERT_TRUE(share) << share.error().message;
        share_ = *share;
    }

    void open()
    {
        catalog_.reset();
        auto opened = Catalog::open(folder_.path(), clock_);
        ASSERT_TRUE(opened) << opened.error().message;
        catalog_ = std::move(*opened);
    }

    template<class F>
    auto write(F f)
    {
        return catalog_->write(std::move(f)).get();
    }
    template<class F>
    auto read(F f)
    {
        return catalog_->read(std::move(f)).get();
    }

    TemporaryFolder folder_;
    SystemClock clock_;
    std::unique_ptr<Catalog> catalog_;
    Share share_;
};

} // namespace spillway::catalog
