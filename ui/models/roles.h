// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/Qt>

namespace spillway::ui {

/// What our models say beside Qt's own roles.
enum Role : int
{
    IdRole = Qt::UserRole + 1, ///< QString: names the row for ever
    SortRole,                  ///< what a column is sorted by
    ToneRole,                  ///< Tone: how a pill is coloured; absent: no pill
    ProgressRole,              ///< double 0 … 1, or -1 where nobody knows the length; absent: no bar
    IconRole,                  ///< QString: a name in resources/icons
    SearchRole,                ///< QString: what a filter looks in
};

/// A state, always shown with its word too.
enum class Tone : int
{
    Neutral,
    Good,
    Warning,
    Bad
};

} // namespace spillway::ui
