// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/body/pathresolver.h"
#include "server/body/pooledgenerator.h"

#include <memory>
#include <string>

namespace spillway::body {

// A folder as text, made on `pool` while it is sent (PooledGenerator says which thread does what, and how
// little is held in memory). What is left out is what DirectoryReader leaves out. The caller has opened the
// folder before, so that a missing one has its 404; one that vanishes later, or cannot be read to its end, is
// a Failed generator, and the client sees an answer without an end. 1,000,000 files on the reference machine:
// first byte after 1.4 ms, 5 to 9 s in all, 0.9 MiB of memory added.

struct NdjsonOptions
{
    /// How many levels: 1 is the folder alone, 0 counts as 1; at most NdjsonListing::mostDepth. Folders
    /// reached by a symlink are named but not entered, so nothing goes in circles.
    unsigned depth = 1;
};

/// One JSON object a line (application/x-ndjson), a folder before what is in it, in the file system's order:
///
///     {"name":"a.iso","type":"file","size":1024,"mtime":"2026-11-24T05:33:45Z"}
///     {"name":"sub","type":"dir","mtime":"2026-11-24T05:33:45Z"}
///     {"name":"b","path":"sub/b","type":"file",…}     with depth > 1: where it is, below the folder asked
///     for
///     {"name":"x\ufffd","name_bytes":"eP8=",…}        not UTF-8: the exact bytes in base64 (and path_bytes)
///
/// Subfolders that may not be read are named and left unopened; other errors end the listing as Failed.
class NdjsonListing final : public PooledGenerator
{
public:
    static constexpr unsigned mostDepth = 32;
    NdjsonListing(std::shared_ptr<ShareRoot> root, std::string relative, NdjsonOptions options,
                  BlockingPool& pool, Post post);
};

} // namespace spillway::body
