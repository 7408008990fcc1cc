// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/net/pacer.h"
#include "server/policy/limitnode.h"

namespace spillway::policy {

/// What one transfer holds of the limit tree: a slot at each level that counts downloads, a piece of each
/// level's line of bytes. It is the transfer's pacer, and gives everything back when it is destroyed.
///
/// Slots are taken from the inside out: address, link, token, share, server. While a download waits at a
/// level it holds only what is further in, which is its own: a crowd that waits for one link or from one
/// address keeps nobody else from the share and the server. All go the same way, so none waits for another
/// that waits for it. Every piece is reserved at all levels at once and sent when all of them have come to
/// it.
///
/// One worker's thread.
class Admission final : public net::Pacer
{
public:
    /// Asked again at least so often, in case that a limit changed.
    static constexpr std::chrono::seconds kLongestSleep{1};

    Admission(const LimitPath& path, const SubjectKey& client);
    ~Admission() override;
    Admission(const Admission&) = delete;
    Admission& operator=(const Admission&) = delete;

    /// Goes on from where it stopped. Without `wake` (before the request is parked) Full may mean that it has
    /// to wait. Held: it has all slots.
    [[nodiscard]] SlotQueue::Answer takeSlots(const std::function<void()>& wake);
    /// How long it may wait at the level where it stopped, and whose limit that is.
    [[nodiscard]] std::chrono::milliseconds wait() const;
    [[nodiscard]] LimitLevel level() const;
    /// The deadline has come; false: it was its turn just now.
    [[nodiscard]] bool timeOut();

    /// Other limits hold for a transfer that runs: slots are taken without asking, and pieces anew.
    void update(const LimitPath& path);
    /// A level limits its bandwidth: it wants to be asked.
    [[nodiscard]] bool paces() const;

    [[nodiscard]] Grant take(std::uint64_t wanted, Monotonic now) override;
    void giveBack(std::uint64_t bytes) override;

private:
    struct Step
    {
        std::shared_ptr<LimitNode> node;
        std::unique_ptr<SlotQueue::Place> place;
        Bandwidth* joined = nullptr; ///< of the node; the line it has pieces in
        std::int64_t position = 0;
    };
    void unreserve();
    void leaveLines();
    [[nodiscard]] std::int64_t weight() const;

    const SubjectKey client_;
    std::array<Step, kLimitLevels> steps_; ///< by level
    std::size_t next_ = kLimitLevels;      ///< levels from here on have their slots
    std::uint64_t reserved_ = 0;           ///< bytes of the piece that is waited for
};

} // namespace spillway::policy
