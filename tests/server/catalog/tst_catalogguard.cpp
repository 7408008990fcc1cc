// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/server/catalog/catalogfixture.h"

#include "server/catalog/linkcache.h"

#include <future>

namespace spillway::catalog {
namespace {

using namespace std::chrono_literals;
using State = policy::CircuitBreaker::State;

TEST(CatalogGuard, OnlyOutagesCount)
{
    const struct
    {
        ErrorCode code;
        bool outage;
    } rows[] = {
        {ErrorCode::Busy, true},
        {ErrorCode::Io, true},
        {ErrorCode::Corrupt, true},
        {ErrorCode::Unavailable, true},
        {ErrorCode::PermissionDenied, true},
        {ErrorCode::NotFound, false},
        {ErrorCode::AlreadyExists, false},
        {ErrorCode::Conflict, false},
        {ErrorCode::InvalidArgument, false},
        {ErrorCode::Expired, false},
        {ErrorCode::Exhausted, false},
        {ErrorCode::Internal, false},
    };
    for (const auto& row : rows) {
        const ManualClock clock;
        CatalogGuard guard(clock);
        const Error error{row.code, "x", 0};
        for (int i = 0; i < 2; ++i) {
            guard.endedRead(*guard.beginRead(), &error);
            guard.endedWrite(*guard.beginWrite(), &error, false);
        }
        EXPECT_EQ(guard.reads().state() == State::Open, row.outage) << errorCodeName(row.code);
        EXPECT_EQ(guard.writes().state() == State::Open, row.outage) << errorCodeName(row.code);
    }
}

TEST(CatalogGuard, ACommitThatFailsIsAnOutageWhateverItsCode)
{
    const ManualClock clock;
    CatalogGuard guard(clock);
    const Error full{ErrorCode::Exhausted, "disk full", 0};
    for (int i = 0; i < 2; ++i)
        guard.endedWrite(*guard.beginWrite(), &full, true);
    EXPECT_EQ(guard.writes().state(), State::Open);
    EXPECT_EQ(guard.beginWrite().error().code, ErrorCode::Unavailable);
    EXPECT_EQ(guard.writes().counters().fallbacks, 1U);
    EXPECT_TRUE(guard.beginRead()) << "reads are a matter of their own";
}

class GuardedCatalogTest : public testing::Test
{
protected:
    void SetUp() override
    {
        auto opened = Catalog::open(folder_.path(), clock_);
        ASSERT_TRUE(opened) << opened.error().message;
        catalog_ = std::move(*opened);
        const auto made = catalog_
                              ->write([](Session& session) -> Result<Share> {
                                  if (auto key = KeyRepository::insert(session, someKey()); !key)
                                      return fail(key.error());
                                  return ShareRepository::add(session, someShare());
                              })
                              .get();
        ASSERT_TRUE(made);
        for (int i = 1; i <= 3; ++i)
            ASSERT_TRUE(catalog_
                            ->write([&](Session& session) {
                                return LinkRepository::insert(session, someLink(i, made->id));
                            })
                            .get());
        links_.emplace(*catalog_, MetadataCacheOptions{.ttl = 10s});
    }
    void TearDown() override { links_.reset(); }

    /// As if the disk had failed.
    void breakReads()
    {
        do // once more where it is open: after the cool-down that is a probe
            EXPECT_FALSE(
                catalog_->read([](Session&) -> Result<int> { return fail(ErrorCode::Io, "gone"); }).get());
        while (catalog_->guard().reads().state() != State::Open);
    }
    void breakWrites()
    {
        while (catalog_->guard().writes().state() != State::Open)
            EXPECT_FALSE(
                catalog_->write([](Session&) -> Result<int> { return fail(ErrorCode::Io, "gone"); }).get());
    }
    Result<LinkCache::LinkPtr> link(int number)
    {
        std::promise<Result<LinkCache::LinkPtr>> promise;
        links_->get(linkId(number), {.allowStale = true},
                    [&promise](Result<LinkCache::LinkPtr> found) { promise.set_value(std::move(found)); });
        return promise.get_future().get();
    }

    TemporaryFolder folder_;
    ManualClock clock_;
    std::unique_ptr<Catalog> catalog_;
    std::optional<LinkCache> links_;
};

TEST_F(GuardedCatalogTest, WhatWasSeenIsServedAndTheRestIsNot)
{
    ASSERT_TRUE(link(1) && link(2));
    ASSERT_TRUE(
        catalog_->write([](Session& session) { return LinkRepository::revoke(session, linkId(2), 1); })
            .get());
    breakReads();
    clock_.advance(60s); // past its time; a probe fails, too
    breakReads();
    const auto known = link(1);
    ASSERT_TRUE(known);
    EXPECT_EQ((*known)->id, linkId(1));
    EXPECT_GE(catalog_->guard().reads().counters().fallbacks, 1U);
    EXPECT_EQ(link(2).error().code, ErrorCode::Unavailable) << "a change that was acknowledged is not undone";
    EXPECT_EQ(link(3).error().code, ErrorCode::Unavailable) << "never seen";
}

TEST_F(GuardedCatalogTest, RefusesAtOnceAndComesBack)
{
    breakWrites();
    bool ran = false;
    const auto refused = catalog_
                             ->write([&ran](Session&) -> Result<int> {
                                 ran = true;
                                 return 1;
                             })
                             .get();
    EXPECT_EQ(refused.error().code, ErrorCode::Unavailable);
    EXPECT_FALSE(ran);
    EXPECT_TRUE(catalog_->read([](Session& session) { return ShareRepository::list(session); }).get());
    clock_.advance(1s);
    EXPECT_TRUE(catalog_->write([](Session&) -> Result<int> { return 1; }).get());
    EXPECT_EQ(catalog_->guard().writes().state(), State::Closed);
}

TEST_F(GuardedCatalogTest, ByHandNothingGoesThrough)
{
    catalog_->guard().takeOut(true);
    EXPECT_EQ(catalog_->read([](Session&) -> Result<int> { return 1; }).get().error().code,
              ErrorCode::Unavailable);
    EXPECT_EQ(catalog_->write([](Session&) -> Result<int> { return 1; }).get().error().code,
              ErrorCode::Unavailable);
    EXPECT_EQ(catalog_->guard().reads().state(), State::Closed);
    catalog_->guard().takeOut(false);
    EXPECT_TRUE(catalog_->read([](Session&) -> Result<int> { return 1; }).get());
}

TEST_F(GuardedCatalogTest, WhatARuleRefusesIsNoOutage)
{
    for (int i = 0; i < 10; ++i) {
        EXPECT_FALSE(catalog_->write([](Session& s) { return ShareRepository::add(s, someShare()); }).get());
        EXPECT_FALSE(
            catalog_->write([](Session&) -> Result<int> { return fail(ErrorCode::NotFound, "none"); }).get());
    }
    EXPECT_EQ(catalog_->guard().writes().state(), State::Closed);
}

} // namespace
} // namespace spillway::catalog
