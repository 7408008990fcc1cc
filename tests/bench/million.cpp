// SPDX-License-Identifier: GPL-3.0-or-later
// bench_million [--files N] [--folder DIR] [--per-folder N] [--hash]
//
// Makes N almost empty files (default 1,000,000; 1000 a folder) in a temporary folder, or takes the folder
// given, scans them into a fresh file index, and prints one JSON object: times, files a second, memory, size
// of the database, searches. With --hash it also waits until each has its checksums.
#include "server/catalog/index/fileindex.h"

#include <QCoreApplication>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

using namespace spillway;
using namespace spillway::catalog;
using Watch = std::chrono::steady_clock;

namespace {

double secondsSince(Watch::time_point start)
{
    return std::chrono::duration<double>(Watch::now() - start).count();
}

/// "VmRSS" or "VmHWM" of this process, KiB.
long memoryKiB(const char* field)
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(field))
            return std::atol(line.c_str() + std::strlen(field) + 1);
    }
    return 0;
}

/// Names as people have them: a few words, a number, one of several endings.
std::string nameOf(long number)
{
    static const char* const words[] = {"holiday", "invoice",       "scan",   "IMG",
                                        "report",  "meeting notes", "backup", "track"};
    static const char* const endings[] = {"jpg", "pdf", "txt", "flac", "tar.gz"};
    return std::string(words[number % 8]) + " " + std::to_string(number) + "." + endings[number % 5];
}

bool makeFiles(const std::string& folder, long files, long perFolder)
{
    int fd = -1;
    for (long i = 0; i < files; ++i) {
        if (i % perFolder == 0) {
            const std::string path = folder + "/part " + std::to_string(i / perFolder);
            std::filesystem::create_directory(path);
            ::close(fd);
            fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY);
        }
        const int file = ::openat(fd, nameOf(i).c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
        if (file < 0)
            return false;
        if (i % 10 == 0 &&
            ::write(file, "spillway\n", 9) != 9) // most are empty, as they cost the index the same
            return false;
        ::close(file);
    }
    ::close(fd);
    return true;
}

bool waitState(FileIndex& index, bool hashed)
{
    return index.waitFor(
        [hashed](const std::vector<IndexStatus>& all) {
            return all.size() == 1 && all[0].scannedAt && (!hashed || all[0].state == IndexState::Idle);
        },
        std::chrono::hours(1));
}

double medianSearch(FileIndex& index, const std::string& text, std::size_t& found)
{
    std::vector<double> times;
    for (int i = 0; i < 7; ++i) {
        const auto start = Watch::now();
        const auto result = index.search({.text = text, .limit = 100});
        times.push_back(secondsSince(start));
        found = result ? result->size() : 0;
    }
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication app(argc, argv);
    long files = 1'000'000;
    long perFolder = 1000;
    std::string folder;
    bool hash = false;
    for (int i = 1; i < argc; ++i) {
        const std::string option = argv[i];
        if (option == "--hash")
            hash = true;
        else if (option == "--files" && i + 1 < argc)
            files = std::atol(argv[++i]);
        else if (option == "--per-folder" && i + 1 < argc)
            perFolder = std::atol(argv[++i]);
        else if (option == "--folder" && i + 1 < argc)
            folder = argv[++i];
        else
            files = 0;
    }
    if (files < 1 || perFolder < 1) {
        std::fprintf(stderr, "usage: bench_million [--files N] [--folder DIR] [--per-folder N] [--hash]\n");
        return 2;
    }

    std::string pattern = (std::filesystem::temp_directory_path() / "spillway-million-XXXXXX").string();
    const std::string scratch = ::mkdtemp(pattern.data());
    const bool own = folder.empty();
    const auto making = Watch::now();
    if (own) {
        folder = scratch + "/files";
        std::filesystem::create_directory(folder);
        if (!makeFiles(folder, files, perFolder)) {
            std::perror("bench_million: cannot make the files");
            return 1;
        }
    }
    const double makeSeconds = own ? secondsSince(making) : 0;

    const SystemClock clock;
    IndexOptions options;
    options.hash = hash;
    options.hashRate = BytesPerSecond{0};
    std::filesystem::create_directory(scratch + "/data");
    const long before = memoryKiB("VmRSS:");
    std::string json;
    {
        FileIndex index(scratch + "/data", options, clock);
        const auto scanning = Watch::now();
        index.addShare({1, folder, false});
        if (!waitState(index, false))
            return 1;
        const double scan = secondsSince(scanning);
        if (hash && !waitState(index, true))
            return 1;
        const double hashing = secondsSince(scanning) - scan;
        const IndexStatus status = index.status().at(0);
        const long peak = memoryKiB("VmHWM:") - before;

        std::string searches;
        for (const char* const text :
             {"holiday 12345", "invoice", "999999", "flac report", "nothing like it", "zq"}) {
            std::size_t found = 0;
            const double seconds = medianSearch(index, text, found);
            char row[200];
            std::snprintf(row, sizeof row, "%s{\"text\": \"%s\", \"found\": %zu, \"ms\": %.3f}",
                          searches.empty() ? "" : ", ", text, found, seconds * 1e3);
            searches += row;
        }
        const auto again = Watch::now();
        const auto lastScan = status.scanSeen;
        index.rescan(1);
        index.waitFor([](const auto& all) { return all[0].state == IndexState::Scanning; },
                      std::chrono::seconds(10));
        index.waitFor(
            [lastScan](const auto& all) {
                return all[0].state != IndexState::Scanning && all[0].scanSeen >= lastScan;
            },
            std::chrono::hours(1));
        const double rescan = secondsSince(again);

        char text[1000];
        std::snprintf(
            text, sizeof text,
            "\"files\": %lld, \"folders\": %lld, \"make_seconds\": %.2f, \"scan_seconds\": %.2f, "
            "\"files_per_second\": %.0f, \"hash_seconds\": %.2f, \"hashed\": %lld, \"rescan_seconds\": %.2f, "
            "\"peak_rss_delta_kib\": %ld, \"watched\": %s",
            static_cast<long long>(status.files), static_cast<long long>(status.folders), makeSeconds, scan,
            static_cast<double>(status.files) / scan, hashing, static_cast<long long>(status.filesHashed),
            rescan, peak, status.watched ? "true" : "false");
        json = std::string("{") + text + ", \"searches\": [" + searches + "]";
    }
    // After the end of the index, so that the log is folded in.
    const auto size = std::filesystem::file_size(scratch + "/data/index.db");
    std::printf("%s, \"database_bytes\": %llu}\n", json.c_str(), static_cast<unsigned long long>(size));
    std::filesystem::remove_all(own ? scratch : scratch + "/data");
    if (!own)
        std::filesystem::remove(scratch);
    return 0;
}
