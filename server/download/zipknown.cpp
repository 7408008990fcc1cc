// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/zipknown.h"

namespace spillway::download {

void learnChecksums(catalog::FileIndex& index, const body::ZipFolder& folder, const body::ZipPlanPtr& plan)
{
    using Files = std::unordered_map<std::string_view, std::size_t>;
    index.visitChecksumsAsync(folder.share, folder.path,
                              [plan, files = std::make_shared<Files>()](const catalog::IndexEntry& entry) {
                                  if (files->empty())
                                      *files = plan->filesByPath();
                                  const auto at = files->find(entry.path);
                                  if (at == files->end())
                                      return;
                                  body::ZipPlan::Known known;
                                  known.size = static_cast<std::uint64_t>(entry.facts.size);
                                  known.mtimeNs = entry.facts.mtimeNs;
                                  known.inode = static_cast<std::uint64_t>(entry.facts.inode);
                                  known.at = entry.hashedAt;
                                  known.crc = *entry.crc32;
                                  plan->learn(at->second, known);
                              });
}

} // namespace spillway::download
