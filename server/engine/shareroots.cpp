// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/shareroots.h"

#include "server/body/pathresolver.h"
#include "server/engine/sharetarget.h"

namespace spillway::engine {

Result<RootedPath> findRoot(std::string_view path, const std::vector<std::string>& roots)
{
    if (roots.empty())
        return fail(ErrorCode::PermissionDenied,
                    "this server shares nothing new for who asks from elsewhere; whoever runs it names the "
                    "folders for that in the setting share_roots, on its own machine");
    while (path.size() > 1 && path.ends_with('/'))
        path.remove_suffix(1);
    const std::string* inner = nullptr;
    for (const std::string& root : roots)
        if (liesIn(path, root) && (!inner || root.size() > inner->size()))
            inner = &root;
    if (!inner)
        return fail(ErrorCode::PermissionDenied,
                    std::string(path) +
                        " lies in none of the folders that this server shares from for who asks from "
                        "elsewhere (its setting share_roots)");
    std::string_view below = path.substr(inner->size());
    if (below.starts_with('/'))
        below.remove_prefix(1);
    return RootedPath{*inner, std::string(below)};
}

Result<std::string> pathInRoots(std::string_view path, const std::vector<std::string>& roots,
                                const Clock& clock)
{
    const auto rooted = findRoot(path, roots);
    if (!rooted)
        return fail(rooted.error());
    body::ShareRoot root(rooted->root, {.allowDotFiles = false}, clock);
    if (const auto facts = root.stat(rooted->below); !facts)
        return fail(facts.error());
    const auto top = canonicalPath(rooted->root);
    if (!top)
        return fail(top.error());
    auto real = canonicalPath(rooted->root + "/" + rooted->below);
    if (!real)
        return fail(real.error());
    // Something was moved between the two looks.
    if (!liesIn(*real, *top))
        return fail(ErrorCode::NotFound, "there is nothing at " + std::string(path));
    return real;
}

} // namespace spillway::engine
