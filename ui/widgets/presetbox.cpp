// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/presetbox.h"

#include "ui/widgets/parts.h"

#include <QtWidgets/QCompleter>

namespace spillway::ui {

PresetBox::PresetBox(std::vector<std::pair<QString, std::int64_t>> presets, Read read, Show show)
    : read_(std::move(read)), show_(std::move(show))
{
    setEditable(true);
    setInsertPolicy(QComboBox::NoInsert);
    setCompleter(nullptr); // "1" is not "1 hour"
    for (const auto& [text, value] : presets)
        addItem(text, static_cast<qlonglong>(value));
    setMaxVisibleItems(12);
    connect(this, &QComboBox::editTextChanged, this, [this] { markField(*this, {}); });
}

std::optional<std::int64_t> PresetBox::value() const
{
    const QString text = currentText().trimmed();
    for (int i = 0; i < count(); ++i)
        if (itemText(i).compare(text, Qt::CaseInsensitive) == 0)
            return itemData(i).toLongLong();
    return read_(text);
}

void PresetBox::setValue(std::int64_t value)
{
    const int known = findData(static_cast<qlonglong>(value));
    setCurrentIndex(known);
    if (known < 0)
        setEditText(show_(value));
}

} // namespace spillway::ui
