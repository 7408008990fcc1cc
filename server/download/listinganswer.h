// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/blockingpool.h"
#include "server/body/preloader.h"
#include "server/download/target.h"
#include "server/pages/linkfacts.h"

namespace spillway::download {

/// Answers a GET or HEAD for a folder: the redirect to its address with a slash, its page (?sort=, ?q= and
/// ?view=tiles say how), or its NDJSON lines (?format=ndjson, or an Accept that names application/x-ndjson;
/// ?depth=n goes below). `grant`: "g=…", whom a stored link's page carries on; empty: nobody.
void answerListing(http::Exchange& exchange, const Target& target, const Rules& rules, std::string_view grant,
                   BlockingPool& pool, const body::Post& post);

/// What pages say of a stored link.
[[nodiscard]] pages::LinkFacts linkFacts(const catalog::Link& link);

} // namespace spillway::download
