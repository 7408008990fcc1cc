// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus.h"
#include "llhttpjudge.h"
#include "server/http/headgate.h"

#include <gmock/gmock.h>

using namespace spillway::http;
using Outcome = GateResult::Outcome;

namespace {

std::string outcomeText(const GateResult& result)
{
    switch (result.outcome) {
    case Outcome::NeedMore:
        return "more";
    case Outcome::Accepted:
        return "accept";
    case Outcome::Rejected:
        return std::to_string(result.status);
    }
    return "?";
}

std::string parseWhole(HeadGate& gate, const std::string& bytes, RequestHead& head)
{
    std::size_t resumeAt = 0;
    return outcomeText(gate.parse(bytes, resumeAt, head));
}

/// Feeds `step` bytes more at a time, each time in memory of its own size, so that a read beyond it is caught
/// by asan.
std::string parseInSteps(HeadGate& gate, const std::string& bytes, std::size_t step, RequestHead& head,
                         std::vector<char>& buffer)
{
    std::size_t resumeAt = 0;
    for (std::size_t size = std::min(step, bytes.size());; size = std::min(size + step, bytes.size())) {
        std::string_view held(bytes.data(), size);
        if (bytes.size() <= 4096) {
            buffer = std::vector<char>(held.begin(), held.end());
            held = {buffer.data(), size};
        }
        const GateResult result = gate.parse(held, resumeAt, head);
        if (result.outcome != Outcome::NeedMore || size == bytes.size())
            return outcomeText(result);
    }
}

std::vector<std::string> asText(const RequestHead& head)
{
    std::vector<std::string> text{std::string(head.methodToken), std::string(head.rawTarget),
                                  std::string(head.path), std::string(head.host),
                                  std::to_string(head.keepAlive)};
    for (const HeaderField& field : head.fields)
        text.push_back(std::string(field.name) + "=" + std::string(field.value));
    return text;
}

} // namespace

TEST(HeadGateCorpus, EveryFileHasARowAndEveryRowAFile)
{
    std::vector<std::string> names;
    for (const CorpusHead& head : readCorpus()) {
        names.push_back(head.name);
        EXPECT_FALSE(head.bytes.empty()) << head.name;
    }
    EXPECT_GT(names.size(), 150U);
    EXPECT_THAT(corpusFiles(), testing::UnorderedElementsAreArray(names));
}

TEST(HeadGateCorpus, AnswersAsTheTableSays)
{
    HeadGate gate;
    for (const CorpusHead& row : readCorpus()) {
        RequestHead head;
        EXPECT_EQ(parseWhole(gate, row.bytes, head), row.expected) << row.name;
    }
}

TEST(HeadGateCorpus, CuttingDoesNotChangeTheAnswer)
{
    HeadGate gate;
    HeadGate trickleGate;
    for (const CorpusHead& row : readCorpus()) {
        RequestHead whole;
        const std::string outcome = parseWhole(gate, row.bytes, whole);
        for (std::size_t step : {1U, 2U, 3U, 7U, 64U, 1000U}) {
            RequestHead head;
            std::vector<char> buffer;
            ASSERT_EQ(parseInSteps(trickleGate, row.bytes, step, head, buffer), outcome)
                << row.name << " by " << step;
            if (outcome == "accept") {
                EXPECT_EQ(asText(head), asText(whole)) << row.name << " by " << step;
                EXPECT_EQ(head.size, whole.size) << row.name;
            }
        }
    }
}

TEST(HeadGateCorpus, LlhttpAgreesWithEveryHeadThatIsAccepted)
{
    HeadGate gate;
    std::size_t judged = 0;
    for (const CorpusHead& row : readCorpus()) {
        RequestHead head;
        if (parseWhole(gate, row.bytes, head) != "accept")
            continue;
        EXPECT_EQ(disagreement(row.bytes, head), "") << row.name;
        ++judged;
    }
    EXPECT_GT(judged, 30U);
}

TEST(HeadGateCorpus, TheJudgeSeesDifferences)
{
    // Heads that a laxer gate would let through: the test above must be able to fail.
    RequestHead head;
    head.method = Method::Get;
    head.methodToken = "GET";
    const std::string folded = "GET / HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n";
    head.size = folded.size();
    EXPECT_NE(disagreement(folded, head), "");
    const std::string bare = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    head.size = bare.size();
    EXPECT_NE(disagreement(bare, head), "") << "a field is missing in head.fields";
}
