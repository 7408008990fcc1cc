// SPDX-License-Identifier: GPL-3.0-or-later
// Adds settings n0, n1, ... to the catalog in the folder given, from four threads, and prints each name once
// its write is acknowledged. Runs until it is killed; exit code 1 where the catalog cannot be opened.
#include "server/catalog/catalog.h"
#include "server/catalog/settingrepository.h"

#include <QCoreApplication>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <unistd.h>

using namespace spillway;

int main(int argc, char** argv)
{
    const QCoreApplication app(argc, argv);
    if (argc != 3)
        return 2;
    const SystemClock clock;
    auto catalog = catalog::Catalog::open(argv[1], clock);
    if (!catalog) {
        std::fprintf(stderr, "%s\n", catalog.error().message.c_str());
        return 1;
    }
    std::atomic<int> next{std::atoi(argv[2])};
    const auto work = [&] {
        for (;;) {
            const std::string name = "n" + std::to_string(next.fetch_add(1));
            const auto done = (*catalog)
                                  ->write([&](catalog::Session& session) {
                                      return catalog::SettingRepository::set(session, name, name);
                                  })
                                  .get();
            const std::string line = name + "\n";
            if (!done ||
                ::write(STDOUT_FILENO, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
                std::_Exit(3);
        }
    };
    std::thread threads[] = {std::thread(work), std::thread(work), std::thread(work), std::thread(work)};
    for (std::thread& thread : threads)
        thread.join();
    return 0;
}
