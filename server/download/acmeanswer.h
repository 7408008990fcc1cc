// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/blockingpool.h"
#include "server/body/preloader.h"
#include "server/http/exchange.h"

#include <memory>
#include <string>
#include <string_view>

namespace spillway::download {

inline constexpr std::string_view kAcmePath = "/.well-known/acme-challenge/";

/// Answers a path below kAcmePath from the file of that name in `folder`/.well-known/acme-challenge, where an
/// ACME client in webroot mode (certbot, lego) puts it (RFC 8555 §8.3). The file is read on the pool. 404 for
/// a name that is no token (letters, digits, "-", "_"), and for what is no regular file of at most 4 KiB.
void answerAcme(http::Exchange& exchange, const std::string& folder, BlockingPool& pool,
                const body::Post& post);

} // namespace spillway::download
