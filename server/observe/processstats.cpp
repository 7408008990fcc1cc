// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/processstats.h"

#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace spillway::observe {
namespace {

double seconds(const timeval& time)
{
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

std::uint64_t countDescriptors()
{
    DIR* directory = ::opendir("/proc/self/fd");
    if (directory == nullptr)
        return 0;
    std::uint64_t entries = 0;
    while (::readdir(directory) != nullptr)
        ++entries;
    ::closedir(directory);
    return entries > 3 ? entries - 3 : 0; // ".", ".." and the directory itself
}

double bootSeconds()
{
    std::ifstream stat("/proc/stat");
    for (std::string line; std::getline(stat, line);)
        if (line.starts_with("btime "))
            return std::strtod(line.c_str() + 6, nullptr);
    return 0;
}

void readStat(ProcessStats& stats)
{
    std::ifstream file("/proc/self/stat");
    std::string text;
    std::getline(file, text);
    const auto afterName = text.rfind(')'); // the name may hold blanks and parentheses (proc(5))
    if (afterName == std::string::npos)
        return;
    std::istringstream rest(text.substr(afterName + 1));
    std::string word;
    for (int field = 3; rest >> word; ++field) {
        const std::uint64_t value = std::strtoull(word.c_str(), nullptr, 10);
        if (field == 20)
            stats.threads = value;
        else if (field == 22)
            stats.startSeconds =
                bootSeconds() + static_cast<double>(value) / static_cast<double>(::sysconf(_SC_CLK_TCK));
        else if (field == 23)
            stats.virtualBytes = value;
        else if (field == 24)
            stats.residentBytes = value * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    }
}

} // namespace

ProcessStats readProcessStats()
{
    ProcessStats stats;
    rusage usage{};
    if (::getrusage(RUSAGE_SELF, &usage) == 0)
        stats.cpuSeconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0)
        stats.maxDescriptors = limit.rlim_cur;
    stats.openDescriptors = countDescriptors();
    readStat(stats);
    return stats;
}

} // namespace spillway::observe
