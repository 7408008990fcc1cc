// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overviewpage.h"

#include "ui/charts/sparkline.h"
#include "ui/charts/timechart.h"
#include "ui/models/format.h"
#include "ui/pages/toplists.h"
#include "ui/widgets/parts.h"

#include <QtCore/QDateTime>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QButtonGroup>
#include <QtWidgets/QFrame>
#include <QtWidgets/QGridLayout>
#include <QtWidgets/QScrollArea>
#include <algorithm>

namespace spillway::ui {

namespace {

constexpr std::chrono::milliseconds kHistoryEvery{5000};

QString percent(double value)
{
    return QStringLiteral("%1 %").arg(formatDecimal(value));
}

} // namespace

OverviewPage::OverviewPage(Session& session, Theme& theme) : Page(tr("Overview"), session, theme)
{
    buildSpans();
    const int margin = theme.metrics().margin;
    auto* inner = new QWidget;
    auto* column = new QVBoxLayout(inner);
    column->setContentsMargins(margin, 0, margin, margin);
    column->setSpacing(16);
    rows_ = new QGridLayout;
    rows_->setSpacing(16);
    cards_[0] = buildTile(tiles_[0], tr("Sending"), [](const Sample& one) { return one.sentRate; });
    cards_[1] = buildTile(tiles_[1], tr("Requests"), [](const Sample& one) { return one.requestRate(); });
    cards_[2] =
        buildTile(tiles_[2], tr("Downloads running"), [](const Sample& one) { return one.transfers; });
    cards_[3] =
        buildTile(tiles_[3], tr("Slowest 1 % of answers"), [](const Sample& one) { return one.p99Ms; });
    column->addLayout(rows_);
    arrangeTiles();

    column->addLayout(buildCharts(), 1);
    top_ = new TopLists(theme);
    column->addWidget(top_);
    connect(top_, &TopLists::linkChosen, this, &OverviewPage::linkWanted);
    connect(top_, &TopLists::clientChosen, this, &OverviewPage::clientWanted);
    connect(top_, &TopLists::fileChosen, this, &OverviewPage::fileWanted);
    content().addWidget(scrolling(inner));
    connect(&session, &Session::snapshotCame, this, [this] {
        history_.add(this->session().live());
        showNow();
    });
    connect(&session.client(), &contract::EngineClient::stateChanged, this, [this] { minuteKnown_ = false; });
    refreshWhileShown(kHistoryEvery, [this] { refresh(); });
}

QLayout* OverviewPage::buildCharts()
{
    charts_[0] = new TimeChart(tr("Sent"), {{{}, [](const Sample& one) { return one.sentRate; }, true}},
                               formatRate, 100'000, theme());
    charts_[1] =
        new TimeChart(tr("Requests a second"),
                      {{tr("answered"), [](const Sample& one) { return one.okRate; }},
                       {tr("redirected, unchanged"), [](const Sample& one) { return one.redirectRate; }},
                       {tr("refused"), [](const Sample& one) { return one.clientErrorRate; }},
                       {tr("failed"), [](const Sample& one) { return one.serverErrorRate; }}},
                      formatDecimal, 4, theme());
    charts_[2] = new TimeChart(tr("Connections"),
                               {{tr("open"), [](const Sample& one) { return one.connections; }},
                                {tr("downloading"), [](const Sample& one) { return one.transfers; }}},
                               formatDecimal, 4, theme());
    charts_[3] = new TimeChart(tr("Time of an answer"),
                               {{tr("half"), [](const Sample& one) { return one.p50Ms; }},
                                {QStringLiteral("95 %"), [](const Sample& one) { return one.p95Ms; }},
                                {QStringLiteral("99 %"), [](const Sample& one) { return one.p99Ms; }}},
                               formatMilliseconds, 1, theme());
    charts_[4] = new TimeChart(tr("Files found open in the cache"),
                               {{{}, [](const Sample& one) { return 100 * one.cacheHitRatio; }, false, true}},
                               percent, 100, theme());
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(theme().metrics().margin);
    grid->setVerticalSpacing(16);
    grid->addWidget(charts_[0], 0, 0, 1, 2);
    for (int i = 1; i < static_cast<int>(charts_.size()); ++i)
        grid->addWidget(charts_[static_cast<std::size_t>(i)], i == 1 ? 0 : 1, i == 1 ? 2 : i - 2);
    for (int i = 0; i < 3; ++i)
        grid->setColumnStretch(i, 1);
    grid->setRowStretch(0, 1);
    grid->setRowStretch(1, 1);
    return grid;
}

void OverviewPage::buildSpans()
{
    spans_ = new QButtonGroup(this);
    const std::array<QString, History::kSpans> names{tr("1 min"), tr("1 h"), tr("24 h")};
    for (std::size_t i = 0; i < names.size(); ++i) {
        QPushButton* one = button(names[i], nullptr, theme());
        one->setCheckable(true);
        one->setChecked(i == 0);
        spans_->addButton(one, static_cast<int>(i));
        head().addWidget(one);
    }
    connect(spans_, &QButtonGroup::idClicked, this, [this](int id) {
        span_ = static_cast<History::Span>(id);
        drawn_.invalidate();
        showNow();
        refresh();
    });
}

QWidget* OverviewPage::buildTile(Tile& tile, const QString& name, double (*of)(const Sample&))
{
    auto* card = new QFrame;
    card->setProperty("role", QLatin1String("card"));
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(16, 10, 16, 10);
    column->setSpacing(2);
    column->addWidget(label(name, "small"));
    tile.value = label(QStringLiteral("–"));
    tile.value->setFont(theme().font(theme().metrics().tile, true));
    tile.value->setStyleSheet(
        QStringLiteral("font-size: %1px; font-weight: 600;").arg(theme().metrics().tile));
    column->addWidget(tile.value);
    tile.words = label({}, "small");
    column->addWidget(tile.words);
    column->addSpacing(2);
    tile.line = new Sparkline(theme());
    column->addWidget(tile.line);
    tile.of = of;
    return card;
}

/// All in a row, or two by two where that is too narrow.
void OverviewPage::arrangeTiles()
{
    const int columns = width() < theme().metrics().scaled(720) ? 2 : 4;
    if (columns == columns_)
        return;
    columns_ = columns;
    for (int i = 0; i < 4; ++i) {
        rows_->addWidget(cards_[static_cast<std::size_t>(i)], i / columns, i % columns);
        rows_->setColumnStretch(i, i < columns ? 1 : 0);
    }
}

void OverviewPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    arrangeTiles();
    top_->arrange(width() >= theme().metrics().scaled(720));
}

void OverviewPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    drawn_.invalidate();
    showNow();
}

void OverviewPage::refresh()
{
    if (!minuteKnown_)
        askHistory(History::Span::Minute);
    if (span_ != History::Span::Minute)
        askHistory(span_);
    askTop();
}

void OverviewPage::askTop()
{
    session().client().run<contract::GetTop>(
        this, {span_, TopLists::kRows}, [this](const Result<contract::TopPage>& page) {
            if (page &&
                page->span == span_) // else another was chosen meanwhile, or the server is an older one
                top_->show(*page);
        });
}

void OverviewPage::askHistory(History::Span span)
{
    session().client().run<contract::GetHistory>(
        this, {span, history_.mergedUpTo(span)}, [this, span](const Result<contract::HistoryPage>& page) {
            if (!page)
                return; // an older server, or none: what is known stays
            minuteKnown_ = minuteKnown_ || span == History::Span::Minute;
            history_.merge(*page);
            drawn_.invalidate();
            showNow();
        });
}

void OverviewPage::showNow()
{
    if (!isVisible())
        return;
    showTiles();
    showCharts();
}

void OverviewPage::showTiles()
{
    const contract::LiveSnapshot& live = session().live();
    const auto running = static_cast<std::int64_t>(live.running.transfers.size()) + live.running.omitted;
    tiles_[0].value->setText(formatRate(live.sentRate));
    tiles_[0].words->setText(tr("%1 since the start").arg(formatSize(live.sentBytes)));
    tiles_[1].value->setText(tr("%1 /s", "requests a second").arg(formatDecimal(live.requestRate)));
    tiles_[1].words->setText(tr("%1 since the start").arg(formatCount(live.requests)));
    tiles_[2].value->setText(formatCount(running));
    tiles_[2].words->setText(tr("%n connection(s) open", nullptr, static_cast<int>(live.connections)));
    tiles_[3].value->setText(formatMilliseconds(live.p99Ms));
    tiles_[3].words->setText(tr("half within %1").arg(formatMilliseconds(live.p50Ms)));
    const std::vector<Sample>& minute = history_.samples(History::Span::Minute);
    for (Tile& tile : tiles_) {
        std::vector<double> values;
        values.reserve(minute.size());
        for (const Sample& sample : minute)
            values.push_back(tile.of(sample));
        tile.line->setValues(std::move(values),
                             static_cast<std::size_t>(History::lengthMs(History::Span::Minute) /
                                                      History::stepMs(History::Span::Minute)));
    }
}

void OverviewPage::showCharts()
{
    if (span_ != History::Span::Minute && drawn_.isValid() && drawn_.elapsed() < 5000)
        return;
    drawn_.start();
    const std::vector<Sample>& samples = history_.samples(span_);
    const std::int64_t atMs = session().live().atMs;
    const std::int64_t now = atMs > 0 ? atMs : QDateTime::currentMSecsSinceEpoch();
    for (std::size_t i = 0; i + 1 < charts_.size(); ++i)
        charts_[i]->show(samples, span_, now);
    // Where no file was asked for there is no ratio.
    std::vector<Sample> asked;
    std::copy_if(samples.begin(), samples.end(), std::back_inserter(asked),
                 [](const Sample& sample) { return sample.cacheHitRatio >= 0; });
    charts_.back()->show(asked, span_, now);
}

} // namespace spillway::ui
