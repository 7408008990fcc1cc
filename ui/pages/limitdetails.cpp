// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/limitdetails.h"

#include "ui/models/entry.h"
#include "ui/models/format.h"
#include "ui/session/limitcontrol.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/scalefield.h"

#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QButtonGroup>
#include <QtWidgets/QLineEdit>
#include <cmath>

namespace spillway::ui {

using contract::LimitLevel;

namespace {

constexpr std::array<const char*, 4> kPriorities{"none", "high", "normal", "low"};

QString whole(double value)
{
    return QString::number(std::llround(value));
}

QString seconds(double value)
{
    return QStringLiteral("%1ms").arg(std::llround(value * 1000));
}

Scale spanScale()
{
    return {1, 3600, [](double value) { return formatSpan(std::llround(value)); },
            [](const QString& text) -> std::optional<double> {
                bool number = false;
                const double plain = text.toDouble(&number); // a bare number is seconds here
                if (number)
                    return plain > 0 ? std::optional(plain) : std::nullopt;
                const auto span = readSpan(text);
                return span ? std::optional(static_cast<double>(*span)) : std::nullopt;
            },
            true};
}

Scale scaleOf(std::string_view field)
{
    if (field == "requests")
        return Scale::requests();
    if (field == "wait")
        return spanScale();
    return Scale::count(field == "downloads" ? 1000 : 10'000);
}

std::optional<double> valueOf(const contract::Limit& limit, std::string_view field)
{
    const auto number = [](const std::optional<std::int64_t>& value) {
        return value ? std::optional(static_cast<double>(*value)) : std::nullopt;
    };
    if (field == "requests")
        return limit.requests;
    if (field == "burst")
        return number(limit.burst);
    if (field == "downloads")
        return number(limit.downloads);
    if (field == "queue")
        return number(limit.queue);
    if (field == "wait")
        return limit.wait;
    return number(limit.connections);
}

QString about(LimitLevel level, bool all)
{
    if (!all)
        return LimitDetails::tr(
            "Instead of what holds for the others; a field without a limit falls back to that.");
    switch (level) {
    case LimitLevel::Server:
        return LimitDetails::tr("Over all that this server sends.");
    case LimitLevel::Share:
        return LimitDetails::tr("Over all that one share sends, where it has no row of its own.");
    case LimitLevel::Token:
        return LimitDetails::tr("Over all that comes with one token, where it has no row of its own.");
    case LimitLevel::Link:
        return LimitDetails::tr("Over all downloads of one link, where it has no row of its own.");
    case LimitLevel::Ip:
        return LimitDetails::tr(
            "Over all that one address takes (IPv6: one /64), where it has no row of its own.");
    case LimitLevel::Connection:
        return LimitDetails::tr("For every single connection.");
    }
    return {};
}

} // namespace

LimitDetails::LimitDetails(Session& session, Theme& theme) : session_(session), theme_(theme)
{
    QVBoxLayout* column = setUpSide(*this, 12);
    name_ = label({}, "strong");
    name_->setWordWrap(true);
    about_ = label({}, "secondary");
    about_->setWordWrap(true);
    line_ = label({}, "secondary");
    line_->setWordWrap(true);
    column->addWidget(name_);
    column->addWidget(about_);
    column->addWidget(line_);
    add(*column, tr("Requests"), tr("A further one is answered 429."), "requests", eventRateForServer);
    add(*column, tr("Requests at once"), tr("Before the rate counts; usually a second's worth."), "burst",
        whole);
    add(*column, tr("Downloads at a time"), tr("A further one waits in line."), "downloads", whole, false);
    add(*column, tr("Length of the line"), tr("Who does not fit in is answered 503; usually 1,024."), "queue",
        whole, false);
    add(*column, tr("Longest wait in line"), tr("Then 503; usually 30 s."), "wait", seconds, false);
    add(*column, tr("Connections"), tr("A further one is answered 503."), "connections", whole, false);
    buildPriority(*column);
    column->addStretch();
}

ScaleField* LimitDetails::add(QBoxLayout& column, const QString& title, const QString& help,
                              const char* field, Text text, bool connections)
{
    auto* box = new QWidget;
    auto* inner = new QVBoxLayout(box);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->setSpacing(2);
    inner->addWidget(label(title));
    auto* scale = new ScaleField(title, scaleOf(field), theme_);
    scale->setObjectName(QStringLiteral("limit-") + QLatin1String(field));
    const std::string_view name(field);
    if (name == "burst" || name == "queue" || name == "wait") // without one, there is still a bound
        scale->field().setPlaceholderText(tr("As usual"));
    inner->addWidget(scale);
    inner->addWidget(label(help, "small"));
    column.addWidget(box);
    rows_.push_back({field, box, scale, connections});
    connect(scale, &ScaleField::changed, this, [this, field, text](std::optional<double> value) {
        session_.limits().set(limit_.level, limit_.id,
                              {{QLatin1String(field), value ? text(*value) : QStringLiteral("none")}});
    });
    return scale;
}

void LimitDetails::buildPriority(QBoxLayout& column)
{
    column.addWidget(label(tr("Priority")));
    priority_ = new QButtonGroup(this);
    auto* row = new QHBoxLayout;
    row->setSpacing(4);
    for (std::size_t i = 0; i < kPriorities.size(); ++i) {
        const QString word = priorityText(QLatin1String(kPriorities[i]));
        QPushButton* one = button(word.isEmpty() ? tr("None") : word, nullptr, theme_);
        one->setCheckable(true);
        one->setAccessibleName(tr("Priority: %1").arg(one->text()));
        priority_->addButton(one, static_cast<int>(i));
        row->addWidget(one, 1);
    }
    column.addLayout(row);
    QLabel* help =
        label(tr("Where a level is full, high takes four times what low takes. The innermost row that says "
                 "one counts."),
              "small");
    help->setWordWrap(true);
    column.addWidget(help);
    connect(priority_, &QButtonGroup::idClicked, this, [this](int id) {
        session_.limits().set(
            limit_.level, limit_.id,
            {{QStringLiteral("priority"), QLatin1String(kPriorities[static_cast<std::size_t>(id)])}});
    });
}

void LimitDetails::show(const contract::Limit& limit)
{
    if (limit.level != limit_.level || limit.id != limit_.id)
        for (const Row& row : rows_)
            row.scale->settle();
    limit_ = limit;
    const LimitsModel& model = session_.limits().model();
    name_->setText(model.name(limit));
    about_->setText(about(limit.level, limit.id.isEmpty()));
    const bool counts = limit.downloads || limit.connections;
    line_->setVisible(counts);
    if (counts)
        line_->setText(tr("%1 run here now, %2 wait in line")
                           .arg(formatCount(limit.running), formatCount(limit.waiting)));
    for (const Row& row : rows_) {
        row.box->setVisible(row.connections || limit.level != LimitLevel::Connection);
        row.scale->setValue(valueOf(limit, row.field));
        if (std::string_view(row.field) == "downloads")
            row.scale->setUse(static_cast<double>(limit.running));
    }
    const auto known = std::find_if(kPriorities.begin(), kPriorities.end(), [&](const char* priority) {
        return limit.priority == QLatin1String(priority);
    });
    priority_->button(known == kPriorities.end() ? 0 : static_cast<int>(known - kPriorities.begin()))
        ->setChecked(true);
}

} // namespace spillway::ui
