// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/contract/engineclient.h" // its meta-object is made here
