// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

static std::string readAll(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<CorpusHead> readCorpus()
{
    const std::string folder = SPILLWAY_HOSTILE_DIR;
    std::ifstream table(folder + "/expected.txt");
    std::vector<CorpusHead> heads;
    for (std::string line; std::getline(table, line);) {
        if (line.empty() || line.front() == '#')
            continue;
        CorpusHead head;
        std::istringstream(line) >> head.name >> head.expected;
        head.bytes = readAll(folder + "/heads/" + head.name + ".http");
        heads.push_back(head);
    }
    return heads;
}

std::vector<std::string> corpusFiles()
{
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(SPILLWAY_HOSTILE_DIR "/heads"))
        if (entry.path().extension() == ".http")
            names.push_back(entry.path().stem().string());
    return names;
}
