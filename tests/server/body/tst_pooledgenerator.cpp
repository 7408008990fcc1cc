// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/pooledgenerator.h"
#include "tests/server/body/testfolder.h"

#include <future>
#include <thread>

namespace spillway::body {

namespace {

using State = net::Generator::State;

struct Plan
{
    int pieces = 0;
    TextSource::State end = TextSource::State::Done;
    std::size_t pieceSize = 1000;
    std::shared_future<void> gate; ///< waited for before each piece
};

class PlannedSource final : public TextSource
{
public:
    PlannedSource(Plan plan, std::shared_ptr<std::atomic<int>> made)
        : plan_(std::move(plan)), made_(std::move(made))
    {
    }
    State produce(std::string& out, std::size_t) override
    {
        if (plan_.gate.valid())
            plan_.gate.wait();
        if (*made_ == plan_.pieces)
            return plan_.end;
        out.append(plan_.pieceSize, static_cast<char>('a' + *made_ % 26));
        ++*made_;
        return State::More;
    }

private:
    Plan plan_;
    std::shared_ptr<std::atomic<int>> made_;
};

std::string expectedText(const Plan& plan)
{
    std::string text;
    for (int i = 0; i < plan.pieces; ++i)
        text.append(plan.pieceSize, static_cast<char>('a' + i % 26));
    return text;
}

class PooledGenerators : public testing::Test
{
protected:
    std::unique_ptr<PooledGenerator> make(Plan plan, std::string first = {})
    {
        return std::make_unique<PooledGenerator>(std::make_unique<PlannedSource>(std::move(plan), made_),
                                                 pool_, loop_.post(), std::move(first));
    }
    State drain(PooledGenerator& generator, std::string& out, std::size_t budget)
    {
        for (;;) {
            bool woken = false;
            const std::size_t before = out.size();
            const State state = generator.pull(out, budget, [&woken] { woken = true; });
            EXPECT_LE(out.size() - before, budget);
            EXPECT_FALSE(woken);
            if (state == State::Pending) {
                EXPECT_EQ(out.size(), before);
                if (!loop_.runUntil([&woken] { return woken; }))
                    return State::Failed;
            } else if (state != State::More) {
                return state;
            } else {
                EXPECT_GT(out.size(), before);
            }
        }
    }
    void waitFor(int pieces)
    {
        while (*made_ < pieces)
            std::this_thread::yield();
    }

    std::shared_ptr<std::atomic<int>> made_ = std::make_shared<std::atomic<int>>(0);
    TestLoop loop_;
    BlockingPool pool_{"test", 2, 16};
};

TEST_F(PooledGenerators, AllBytesInOrder)
{
    for (const std::size_t budget : {1U, 999U, 1000U, 1001U, 100'000U}) {
        *made_ = 0;
        const Plan plan{30, TextSource::State::Done, 1000, {}};
        const auto generator = make(plan, "first");
        std::string out;
        EXPECT_EQ(drain(*generator, out, budget), State::Done) << budget;
        EXPECT_EQ(out, "first" + expectedText(plan)) << budget;
    }
}

TEST_F(PooledGenerators, FirstGoesOutAtOnce)
{
    std::promise<void> gate;
    const auto generator = make({1, TextSource::State::Done, 10, gate.get_future().share()}, "head");
    std::string out;
    EXPECT_EQ(generator->pull(out, 100, {}), State::More);
    EXPECT_EQ(out, "head");
    gate.set_value();
    EXPECT_EQ(drain(*generator, out, 100), State::Done);
    EXPECT_EQ(out, "headaaaaaaaaaa");
}

TEST_F(PooledGenerators, NothingAtAll)
{
    const auto generator = make({});
    std::string out;
    EXPECT_EQ(drain(*generator, out, 100), State::Done);
    EXPECT_TRUE(out.empty());
}

TEST_F(PooledGenerators, AFailureComesAfterWhatWasMade)
{
    const Plan plan{3, TextSource::State::Failed, 1000, {}};
    const auto generator = make(plan);
    std::string out;
    EXPECT_EQ(drain(*generator, out, 100), State::Failed);
    EXPECT_EQ(out, expectedText(plan));
}

TEST_F(PooledGenerators, AReaderThatStopsStopsTheSource)
{
    const auto generator = make({1000, TextSource::State::Done, 1000, {}});
    std::string out;
    bool woken = false;
    ASSERT_EQ(generator->pull(out, 1000, [&woken] { woken = true; }), State::Pending);
    ASSERT_TRUE(loop_.runUntil([&woken] { return woken; }));
    waitFor(2);
    // Both threads are free for this, so no task of the generator is queued or running behind it.
    std::promise<void> idle;
    ASSERT_TRUE(pool_.submit([&idle] { idle.set_value(); }));
    idle.get_future().wait();
    EXPECT_LE(*made_, 3); // two chunks, and one where the wake came between
}

TEST_F(PooledGenerators, AReaderThatLeavesIsNotWoken)
{
    std::promise<void> gate;
    auto generator = make({1000, TextSource::State::Done, 1000, gate.get_future().share()});
    const auto token = std::make_shared<int>(0);
    bool woken = false;
    std::string out;
    ASSERT_EQ(generator->pull(out, 1000, [&woken, token] { woken = true; }), State::Pending);
    generator.reset();
    EXPECT_EQ(token.use_count(), 1); // destroyed here, not on a pool thread
    gate.set_value();
    std::promise<void> idle;
    ASSERT_TRUE(pool_.submit([&idle] { idle.set_value(); }));
    idle.get_future().wait();
    while (!loop_.empty())
        loop_.runOne();
    EXPECT_FALSE(woken);
    EXPECT_LE(*made_, 1);
}

TEST_F(PooledGenerators, AFullPoolFailsOnlyWhenNothingIsLeft)
{
    std::promise<void> gate;
    const std::shared_future<void> open = gate.get_future().share();
    BlockingPool small("small", 1, 1);
    std::promise<void> started;
    ASSERT_TRUE(small.submit([&started, open] {
        started.set_value();
        open.wait();
    }));
    started.get_future().wait();
    ASSERT_TRUE(small.submit([] {})); // the queue is full now
    PooledGenerator generator(
        std::make_unique<PlannedSource>(Plan{1, TextSource::State::Done, 10, {}}, made_), small, loop_.post(),
        "first");
    std::string out;
    EXPECT_EQ(generator.pull(out, 100, {}), State::More);
    EXPECT_EQ(out, "first");
    EXPECT_EQ(generator.pull(out, 100, {}), State::Failed);
    EXPECT_EQ(small.refused(), 2U);
    gate.set_value();
}

TEST_F(PooledGenerators, ManyAtOnce)
{
    std::vector<std::unique_ptr<PooledGenerator>> generators;
    std::vector<std::string> texts(12);
    const Plan plan{40, TextSource::State::Done, 5000, {}};
    for (std::size_t i = 0; i < texts.size(); ++i)
        generators.push_back(std::make_unique<PooledGenerator>(
            std::make_unique<PlannedSource>(plan, std::make_shared<std::atomic<int>>(0)), pool_, loop_.post(),
            ""));
    std::size_t done = 0;
    std::vector<bool> runnable(texts.size(), true);
    std::vector<bool> ended(texts.size(), false);
    while (done < texts.size()) {
        bool progress = false;
        for (std::size_t i = 0; i < texts.size(); ++i) {
            if (ended[i] || !runnable[i])
                continue;
            progress = true;
            const State state = generators[i]->pull(texts[i], 4096, [&runnable, i] { runnable[i] = true; });
            ASSERT_NE(state, State::Failed);
            runnable[i] = state != State::Pending;
            if (state == State::Done) {
                ended[i] = true;
                ++done;
            }
        }
        if (!progress) {
            ASSERT_TRUE(loop_.runOne());
        }
    }
    for (const std::string& text : texts)
        EXPECT_TRUE(text == expectedText(plan));
}

} // namespace

} // namespace spillway::body
