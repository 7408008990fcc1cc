// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/preloader.h"
#include "server/body/residency.h"
#include "tests/server/body/testfolder.h"

#include <sys/mman.h>

namespace spillway::body {

namespace {

constexpr std::uint64_t size = (1U << 20) + 100;

class ResidencyBy : public testing::TestWithParam<ResidencyMethod>
{
protected:
    ResidencyBy()
    {
        folder_.file("f", std::string(size, 'x'));
        fd_ = UniqueFd(::open(folder_.path("f").c_str(), O_RDONLY | O_CLOEXEC));
        ::fsync(fd_.get());
    }
    /// What mincore says of all pages of the file, by itself: is any of it in memory?
    [[nodiscard]] bool anyInMemory() const
    {
        void* map = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd_.get(), 0);
        std::vector<unsigned char> pages(size / 4096 + 1);
        EXPECT_EQ(::mincore(map, size, pages.data()), 0);
        ::munmap(map, size);
        return std::any_of(pages.begin(), pages.end(), [](unsigned char page) { return (page & 1U) != 0; });
    }

    TestFolder folder_;
    UniqueFd fd_;
};

INSTANTIATE_TEST_SUITE_P(Methods, ResidencyBy,
                         testing::Values(ResidencyMethod::CacheStat, ResidencyMethod::NoWait,
                                         ResidencyMethod::Mincore));

TEST_P(ResidencyBy, AFileThatWasRead)
{
    ASSERT_EQ(readIntoCache(fd_.get(), 0, size), static_cast<std::int64_t>(size));
    for (const auto& [offset, length] : {std::pair<std::uint64_t, std::uint64_t>{0, 1},
                                         {0, size},
                                         {1, 4096},
                                         {4095, 2},
                                         {size - 1, 1},
                                         {0, 0},
                                         {65536, 65536}})
        // A kernel without the method says Unknown; none may call it absent.
        EXPECT_NE(residencyBy(GetParam(), fd_.get(), offset, length), Residency::Absent)
            << offset << '+' << length;
}

TEST_P(ResidencyBy, AFileThatWasEvicted)
{
    ::posix_fadvise(fd_.get(), 0, 0, POSIX_FADV_DONTNEED);
    if (anyInMemory()) { // tmpfs and the like never evict: then it is there, and must be said to be
        EXPECT_NE(residencyBy(GetParam(), fd_.get(), 0, size), Residency::Absent);
        return;
    }
    EXPECT_NE(residencyBy(GetParam(), fd_.get(), 0, size), Residency::Resident);
    EXPECT_NE(residencyBy(GetParam(), fd_.get(), size - 1, 1), Residency::Resident);
    EXPECT_NE(residency(fd_.get(), 0, size), Residency::Resident);
    char byte = 0;
    ASSERT_EQ(::pread(fd_.get(), &byte, 1, 0), 1); // some of it, by readahead: not the end
    EXPECT_NE(residencyBy(GetParam(), fd_.get(), 0, size), Residency::Resident);
    EXPECT_NE(residencyBy(GetParam(), fd_.get(), 0, 1), Residency::Absent);
}

TEST(Residencies, ThisKernelKnowsByAtLeastOneMethod)
{
    TestFolder folder;
    folder.file("f", "x");
    const UniqueFd fd(::open(folder.path("f").c_str(), O_RDONLY | O_CLOEXEC));
    ASSERT_EQ(readIntoCache(fd.get(), 0, 1), 1);
    EXPECT_EQ(residency(fd.get(), 0, 1), Residency::Resident);
    EXPECT_EQ(residency(fd.get(), 0, 0), Residency::Resident);
}

TEST(Residencies, OfNoFile)
{
    EXPECT_EQ(residency(-1, 0, 1), Residency::Unknown);
}

} // namespace

} // namespace spillway::body
