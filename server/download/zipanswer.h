// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/body/zipfolders.h"
#include "server/download/coverage.h"
#include "server/download/target.h"
#include "server/http/exchange.h"

#include <chrono>
#include <functional>

namespace spillway::download {

/// Answers for a folder as a ZIP archive: ?zip, with ?sel=NAME for each part of a selection (a name or a path
/// below the folder, percent-encoded; as many as a query may have parameters). One per worker, on its thread.
///
///     plan ── the folder is walked, or is known ──► then prepare ── a range's first checksum ──► then send
///
/// What blocks parks the request, at most for `wait` each time; then it is 503 with Retry-After, and what was
/// found out meanwhile stays known. As for files: preconditions, ranges, If-Range, HEAD. The entity tag is
/// that of the plan, so an archive is continued only as long as nothing in the folder has changed.
class ZipAnswer
{
public:
    using Then = std::function<void(http::Exchange&, const Target&, const body::ZipPlanPtr&)>;

    ZipAnswer(body::ZipFolders& folders, Recipients& recipients, body::Post post, const Clock& clock,
              std::chrono::milliseconds wait)
        : folders_(folders), recipients_(recipients), post_(std::move(post)), clock_(clock), wait_(wait)
    {
    }

    [[nodiscard]] static bool isAskedFor(const http::RequestHead& head);
    /// Goes on with the folder's plan, or answers why there is none.
    void plan(http::Exchange& exchange, const Target& target, Then then);
    /// Whether send() will send bytes of it. Pure.
    [[nodiscard]] static bool sendsBytes(const http::Exchange& exchange, const body::ZipPlan& plan);
    /// Goes on where the answer's first byte is at hand, or answers why it is not.
    void prepare(http::Exchange& exchange, const Target& target, const body::ZipPlanPtr& plan, Then then);
    /// A 200, 206, 304, 412 or 416 for GET or HEAD.
    void send(http::Exchange& exchange, const Target& target, const body::ZipPlanPtr& plan);

private:
    struct Wait;
    [[nodiscard]] http::Parked park(http::Exchange& exchange, const std::shared_ptr<Wait>& wait) const;
    static void failPlan(http::Exchange& exchange, const Error& error);
    static void fields(http::HeadWriter& writer, const Target& target, const body::ZipPlan& plan);
    void sendWhole(http::Exchange& exchange, const Target& target, const body::ZipPlanPtr& plan);
    void sendRanges(http::Exchange& exchange, const Target& target, const body::ZipPlanPtr& plan);
    void sendBody(http::Exchange& exchange, const Target& target, const body::ZipPlanPtr& plan,
                  std::vector<body::ZipStretch> stretches, std::vector<BodyPiece> pieces,
                  std::uint64_t length);

    body::ZipFolders& folders_;
    Recipients& recipients_;
    const body::Post post_;
    const Clock& clock_;
    const std::chrono::milliseconds wait_;
};

} // namespace spillway::download
