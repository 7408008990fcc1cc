// SPDX-License-Identifier: GPL-3.0-or-later
// A link's record by id: from the metadata cache, from SQL by a prepared statement on this thread, and from
// SQL as a worker without a cache would get it (through a reader's queue and back).
// --benchmark_format=json gives the times; their ratio is the "metadata lookup" row of the figures.
#include "server/catalog/keyrepository.h"
#include "server/catalog/linkcache.h"
#include "server/catalog/linkrepository.h"
#include "server/catalog/sharerepository.h"

#include <QCoreApplication>

#include <benchmark/benchmark.h>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

using namespace spillway;
using namespace spillway::catalog;

namespace {

constexpr int linkCount = 10'000;

std::string linkId(int number)
{
    const std::string digits = std::to_string(number);
    return std::string(16 - digits.size(), 'A') + digits;
}

/// A catalog with some links, made once for all benchmarks.
struct Fixture
{
    Fixture()
    {
        std::string pattern = (std::filesystem::temp_directory_path() / "spillway-bench-XXXXXX").string();
        folder = ::mkdtemp(pattern.data());
        catalog = std::move(*Catalog::open(folder, clock));
        const auto filled = catalog
                                ->write([](Session& session) -> Result<void> {
                                    Share share;
                                    share.name = "bench";
                                    share.path = "/srv/bench";
                                    const auto added = ShareRepository::add(session, share);
                                    const auto key = KeyRepository::insert(
                                        session, {"k1", std::string(32, 'x'), 0, std::nullopt, true});
                                    if (!added || !key)
                                        return fail(ErrorCode::Internal, "cannot fill the catalog");
                                    for (int i = 0; i < linkCount; ++i) {
                                        Link link;
                                        link.id = linkId(i);
                                        link.share = added->id;
                                        link.path = "some/folder/file.bin";
                                        link.name = "file.bin";
                                        link.keyId = "k1";
                                        link.note = "for somebody";
                                        if (auto inserted = LinkRepository::insert(session, link); !inserted)
                                            return fail(inserted.error());
                                    }
                                    return {};
                                })
                                .get();
        if (!filled) {
            std::fprintf(stderr, "%s\n", filled.error().message.c_str());
            std::exit(1);
        }
        for (int i = 0; i < linkCount; ++i)
            ids.push_back(linkId((i * 7919) % linkCount));
    }
    ~Fixture()
    {
        catalog.reset();
        std::filesystem::remove_all(folder);
    }

    SystemClock clock;
    std::string folder;
    std::unique_ptr<Catalog> catalog;
    std::vector<std::string> ids;
};

Fixture* fixture = nullptr;

void cacheHit(benchmark::State& state)
{
    LinkCache cache(*fixture->catalog, {});
    for (const std::string& id : fixture->ids) {
        std::promise<void> done;
        cache.get(id, {}, [&](const auto&) { done.set_value(); });
        done.get_future().wait();
    }
    std::size_t i = 0;
    for (auto _ : state) {
        auto link = cache.peek(fixture->ids[i]);
        if (!link || !*link)
            state.SkipWithError("not in the cache");
        benchmark::DoNotOptimize(link);
        i = i + 1 == fixture->ids.size() ? 0 : i + 1;
    }
}

void straightSql(benchmark::State& state)
{
    auto session = Session::open(fixture->folder + "/catalog.db", {.readOnly = true});
    std::size_t i = 0;
    for (auto _ : state) {
        auto link = LinkRepository::find(**session, fixture->ids[i]);
        if (!link || !*link)
            state.SkipWithError("not in the catalog");
        benchmark::DoNotOptimize(link);
        i = i + 1 == fixture->ids.size() ? 0 : i + 1;
    }
}

void sqlThroughAReader(benchmark::State& state)
{
    std::size_t i = 0;
    for (auto _ : state) {
        auto link =
            fixture->catalog
                ->read([&](Session& session) { return LinkRepository::find(session, fixture->ids[i]); })
                .get();
        if (!link || !*link)
            state.SkipWithError("not in the catalog");
        benchmark::DoNotOptimize(link);
        i = i + 1 == fixture->ids.size() ? 0 : i + 1;
    }
}

BENCHMARK(cacheHit)->Name("metadata/cache_hit");
BENCHMARK(straightSql)->Name("metadata/sql_prepared");
BENCHMARK(sqlThroughAReader)->Name("metadata/sql_through_reader")->UseRealTime();

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication app(argc, argv);
    Fixture made;
    fixture = &made;
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 2;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
