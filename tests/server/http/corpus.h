// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

/// One row of tests/hostile/expected.txt with the bytes of its file.
struct CorpusHead
{
    std::string name;
    std::string expected; ///< "accept", "more" or a status
    std::string bytes;
};

/// The whole table; empty where it cannot be read.
std::vector<CorpusHead> readCorpus();
/// The names of the files under tests/hostile/heads, without ".http".
std::vector<std::string> corpusFiles();
